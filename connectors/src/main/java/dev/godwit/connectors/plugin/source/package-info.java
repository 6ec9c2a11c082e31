/**
 * The Connect source connector that reads a changefeed over SQL. Runs inside the Connect worker: it uses the JDK, Connect's API
 * and {@code plugin.wire}, nothing else of Godwit.
 */
package dev.godwit.connectors.plugin.source;

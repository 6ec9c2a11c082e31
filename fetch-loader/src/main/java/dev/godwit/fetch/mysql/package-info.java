/**
 * The bulk load from MySQL: one consistent snapshot over several connections, its GTID set as the checkpoint, rows streamed and written by COPY.
 */
package dev.godwit.fetch.mysql;

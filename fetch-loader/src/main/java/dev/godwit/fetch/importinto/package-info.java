/**
 * {@code IMPORT INTO} of CockroachDB: the statement, the job behind it, and the HTTP server through which a cluster reads the intermediate files of a local directory.
 */
package dev.godwit.fetch.importinto;

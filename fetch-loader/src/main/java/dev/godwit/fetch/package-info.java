/**
 * Bulk load of tables from one consistent snapshot of a PostgreSQL or MySQL source, over several connections, into {@code COPY} or files. The snapshot is that of a
 * replication slot or of a GTID set, so that replication can carry on exactly where the load ends.
 */
package dev.godwit.fetch;

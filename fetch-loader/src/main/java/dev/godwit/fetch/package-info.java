/**
 * Bulk load of tables from one consistent snapshot of a PostgreSQL source, over several connections, with {@code COPY} at both ends. The snapshot is that of a
 * replication slot, so that replication can carry on exactly where the load ends.
 */
package dev.godwit.fetch;

package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;

/**
 * Whether the rows of a table lie anywhere but in the order of its key, as with random UUIDs, and are too many for the memory. To read such a table by
 * ranges of its key is to fetch a page from the disk for each row.
 */
final class KeyScatter {
    /** By the planner's measure: 1 where rows lie in the order of the key, 0 where they lie at random. */
    private static final double CORRELATION_MIN = 0.5;

    private KeyScatter() {}

    /**
     * SQL for a row with true where it is so; no row where nothing is known of it: before the first ANALYZE, or for a partitioned table.
     *
     * @param first the first column of the key
     */
    static String sql(Database database, TableName table, Column first) {
        String relation = database.dialect().literal(database.dialect().quote(table));
        return "SELECT abs(s.correlation) < " + CORRELATION_MIN
                + " AND pg_relation_size(c.oid) > pg_size_bytes(current_setting('effective_cache_size'))"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited"
                + " WHERE c.oid = " + relation + "::regclass AND s.attname = "
                + database.dialect().literal(first.name());
    }

    static boolean isKnown(Database database) {
        return database.product() == Product.POSTGRESQL;
    }
}

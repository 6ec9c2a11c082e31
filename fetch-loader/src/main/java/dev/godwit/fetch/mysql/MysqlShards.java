package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.mysql.key.KeyCuts;
import dev.godwit.fetch.plan.TablePlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Cuts large tables into ranges of their primary key, at keys that they really have. The ranges touch each other, the first and the last are open: so no row is missing and none comes twice.
 * A table whose key begins with an enum, a set, a float or a part of a text travels in one piece.
 */
record MysqlShards(Dialect dialect, Splitting splitting) {
    private static final int SHARDS_MAX = 100_000;
    /** Columns of EXPLAIN. */
    private static final int ROWS = 9;

    private static final int FILTERED_PERCENT = 10;

    /** What the server guesses of the slice. */
    long rowsEstimated(SnapshotAccess snapshot, TablePlan table) throws SQLException {
        return rows(snapshot, table.rows(dialect));
    }

    private static long rows(SnapshotAccess snapshot, String from) throws SQLException {
        List<String> plan = snapshot.first("EXPLAIN FORMAT = TRADITIONAL SELECT 1 FROM " + from);
        return plan.get(ROWS) == null
                ? 0
                : (long) (Long.parseLong(plan.get(ROWS)) * Double.parseDouble(plan.get(FILTERED_PERCENT)) / 100);
    }

    private long bytes(SnapshotAccess snapshot, TablePlan table) throws SQLException {
        List<String> found = snapshot.first("SELECT coalesce(data_length, 0) FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_name = "
                + dialect.literal(table.name().name()));
        return found.isEmpty() ? 0 : Long.parseLong(found.get(0));
    }

    /** Conditions that cut the table; one empty one if it stays whole. */
    List<String> ranges(SnapshotAccess snapshot, TablePlan table) throws SQLException {
        // A row and its parent within the same table must not arrive in different transactions.
        boolean whole = table.selfReference() || table.table().primaryKey().isEmpty();
        long bytes = whole ? 0 : bytes(snapshot, table);
        int pieces = whole ? 1 : pieces(bytes, rowsEstimated(snapshot, table));
        if (pieces < 2) {
            return List.of("");
        }
        Optional<KeyCuts> cuts = KeyCuts.of(dialect, table.table(), snapshot::first);
        if (cuts.isEmpty()) {
            return List.of("");
        }
        String slice = table.mapping().rows().map(rows -> rows.sql(dialect)).orElse("");
        return cuts.get().ranges(pieces, slice, rows(snapshot, dialect.quote(table.name())), bytes);
    }

    private int pieces(long bytes, long rows) {
        long byBytes = bytes / splitting.shardBytes() + (bytes % splitting.shardBytes() > 0 ? 1 : 0);
        long byRows = splitting.shardRowsMax().isPresent()
                ? rows / splitting.shardRowsMax().getAsLong() + 1
                : 1;
        return (int) Math.min(SHARDS_MAX, Math.max(byBytes, byRows));
    }
}

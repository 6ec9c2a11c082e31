package dev.godwit.fetch.shard;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.snapshot.SnapshotReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts large tables into ranges of the primary key or of pages. Within one snapshot every row has exactly one place ({@code ctid}) and one key, the ranges touch each
 * other, and the first and the last are open at their ends: so no row is missing and none comes twice. From PostgreSQL 14 on a range of pages reads only its own.
 */
public final class ShardPlanner {
    private static final Pattern PLAN_ROWS = Pattern.compile("rows=(\\d+)");
    /** The version from which on a range of pages is read without the rest of the table. */
    private static final int RANGES_OF_PAGES = 14;
    /** Below this, the rows of a key range lie all over the table. */
    private static final double CORRELATED = 0.8;

    private static final int SHARDS_MAX = 100_000;

    private final Dialect dialect;
    private final Splitting splitting;

    public ShardPlanner(Dialect dialect, Splitting splitting) {
        this.dialect = dialect;
        this.splitting = splitting;
    }

    public List<Shard> shards(TablePlan table, SnapshotReader reader) throws SQLException {
        boolean whole = table.selfReference() || table.table().primaryKey().isEmpty();
        if (whole) {
            // A row and its parent within the same table must not arrive in different transactions; without a key
            // nobody could
            // tell twins apart.
            return List.of(new Shard(table, ""));
        }
        long pageBytes = reader.number("SELECT current_setting('block_size')::bigint");
        // Pages of a partitioned table are those of its largest partition: the ranges apply to each.
        String name = "'" + dialect.quote(table.name()).replace("'", "''") + "'::regclass";
        boolean partitioned = reader.text("SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = " + name)
                .equals("p");
        String sizes = partitioned ? "pg_partition_tree(" + name + ")" : "(SELECT " + name + " AS relid) r";
        // What lies out of line counts for the number of shards, but its pages are not those of the table.
        long bytes = reader.number("SELECT coalesce(sum(pg_table_size(relid)), 0)::bigint FROM " + sizes);
        long pages = reader.number(
                "SELECT coalesce(max(pg_relation_size(relid)), 0)::bigint / " + pageBytes + " FROM " + sizes);
        int wanted = wanted(bytes, rowsEstimated(table, reader));
        if (wanted < 2) {
            return List.of(new Shard(table, ""));
        }
        if (byKey(table, reader)) {
            long allPages = reader.number(
                    "SELECT coalesce(sum(pg_relation_size(relid)), 0)::bigint / " + pageBytes + " FROM " + sizes);
            return new KeyRanges(dialect, table, reader)
                    .cut(wanted, allPages).stream()
                            .map(range -> new Shard(table, range))
                            .toList();
        }
        return cut(table, pages, Math.max(1, (pages + wanted - 1) / wanted));
    }

    private int wanted(long bytes, long rows) {
        long byBytes = bytes / splitting.shardBytes() + (bytes % splitting.shardBytes() > 0 ? 1 : 0);
        long byRows = splitting.shardRowsMax().isPresent()
                ? rows / splitting.shardRowsMax().getAsLong() + 1
                : 1;
        return (int) Math.min(SHARDS_MAX, Math.max(byBytes, byRows));
    }

    private boolean byKey(TablePlan table, SnapshotReader reader) throws SQLException {
        return switch (splitting.by()) {
            case KEY -> true;
            case PLACE -> false;
            case AUTO ->
                reader.connection().getMetaData().getDatabaseMajorVersion() < RANGES_OF_PAGES
                        || Math.abs(correlation(table, reader)) >= CORRELATED;
        };
    }

    /** How far the order of the key is that of the rows on the disk, as the last ANALYZE has it; 0 if there was none. */
    private static double correlation(TablePlan table, SnapshotReader reader) throws SQLException {
        TableName name = table.name();
        Column first = table.table().primaryKeyColumns().get(0);
        try (PreparedStatement statement = reader.connection()
                .prepareStatement(
                        "SELECT max(correlation) FROM pg_catalog.pg_stats WHERE schemaname = ? AND tablename = ?"
                                + " AND attname = ?")) {
            statement.setString(1, name.schema());
            statement.setString(2, name.name());
            statement.setString(3, first.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getDouble(1);
            }
        }
    }

    static List<Shard> cut(TablePlan table, long pages, long shardPages) {
        if (table.selfReference() || pages <= shardPages) {
            return List.of(new Shard(table, ""));
        }
        List<Shard> shards = new ArrayList<>();
        for (long from = 0; from < pages; from += shardPages) {
            String lower = "ctid >= '(" + from + ",0)'::tid";
            String upper = "ctid < '(" + (from + shardPages) + ",0)'::tid";
            if (from == 0) {
                shards.add(new Shard(table, upper));
            } else if (from + shardPages >= pages) {
                shards.add(new Shard(table, lower));
            } else {
                shards.add(new Shard(table, lower + " AND " + upper));
            }
        }
        return shards;
    }

    /** What the planner guesses; for progress, and for the number of shards. */
    public long rowsEstimated(TablePlan table, SnapshotReader reader) throws SQLException {
        Matcher rows = PLAN_ROWS.matcher(reader.text("EXPLAIN SELECT 1 FROM " + table.rows(dialect)));
        return rows.find() ? Long.parseLong(rows.group(1)) : 0;
    }
}

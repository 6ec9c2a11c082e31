package dev.godwit.fetch;

import dev.godwit.database.dialect.Dialect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts large tables into ranges of pages. Within one snapshot every row has exactly one place ({@code ctid}), the ranges touch each other, and the last is open at its
 * end: so no row is missing and none comes twice, whatever the key is. From PostgreSQL 14 on a range reads only its own pages.
 */
final class ShardPlanner {
    private static final Pattern PLAN_ROWS = Pattern.compile("rows=(\\d+)");

    private final Dialect dialect;
    private final long shardBytes;

    ShardPlanner(Dialect dialect, long shardBytes) {
        this.dialect = dialect;
        this.shardBytes = shardBytes;
    }

    List<Shard> shards(TablePlan table, SnapshotReader reader) throws SQLException {
        long pageBytes = reader.number("SELECT current_setting('block_size')::bigint");
        // Pages of a partitioned table are those of its largest partition: the ranges apply to each.
        String name = "'" + dialect.quote(table.name()).replace("'", "''") + "'::regclass";
        String bytes = reader.text("SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = " + name)
                        .equals("p")
                ? "coalesce((SELECT max(pg_relation_size(relid)) FROM pg_partition_tree(" + name + ")), 0)"
                : "pg_relation_size(" + name + ")";
        long pages = reader.number("SELECT " + bytes + " / " + pageBytes);
        return cut(table, pages, Math.max(1, shardBytes / pageBytes));
    }

    static List<Shard> cut(TablePlan table, long pages, long shardPages) {
        if (table.selfReference() || pages <= shardPages) {
            // A row and its parent within the same table must not arrive in different transactions.
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

    /** What the planner guesses; for progress only. */
    long rowsEstimated(TablePlan table, SnapshotReader reader) throws SQLException {
        Matcher rows = PLAN_ROWS.matcher(reader.text("EXPLAIN SELECT 1 FROM " + table.rows(dialect)));
        return rows.find() ? Long.parseLong(rows.group(1)) : 0;
    }
}

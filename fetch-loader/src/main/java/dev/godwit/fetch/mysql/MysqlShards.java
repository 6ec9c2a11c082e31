package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.plan.TablePlan;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts large tables whose key begins with an integer into ranges of that key. The ranges touch each other, the first and the last are open:
 * so no row is missing and none comes twice. Other tables travel in one piece.
 */
record MysqlShards(Dialect dialect, Splitting splitting) {

    /** What the server guesses of a table. */
    record Size(long rows, long bytes) {}

    Size size(SnapshotAccess snapshot, TablePlan table) throws SQLException {
        List<String> found = snapshot.first("SELECT coalesce(table_rows, 0), coalesce(data_length, 0) FROM"
                + " information_schema.tables WHERE table_schema = DATABASE() AND table_name = "
                + dialect.literal(table.name().name()));
        return found.isEmpty() ? new Size(0, 0) : new Size(Long.parseLong(found.get(0)), Long.parseLong(found.get(1)));
    }

    /** Conditions that cut the table; one empty one if it stays whole. */
    List<String> ranges(SnapshotAccess snapshot, TablePlan table) throws SQLException {
        if (table.selfReference() || table.table().primaryKey().isEmpty()) {
            return List.of("");
        }
        Column first = table.table().primaryKeyColumns().get(0);
        boolean isInteger = first.type().kind() == TypeKind.INTEGER
                || first.type().baseName().equals("bigint");
        long pieces = pieces(size(snapshot, table));
        if (!isInteger || pieces < 2) {
            return List.of("");
        }
        String key = dialect.quote(first.name());
        List<String> ends =
                snapshot.first("SELECT min(" + key + "), max(" + key + ") FROM " + dialect.quote(table.name()));
        return ends.get(0) == null
                ? List.of("")
                : cut(key, new BigInteger(ends.get(0)), new BigInteger(ends.get(1)), pieces);
    }

    private long pieces(Size size) {
        long byRows = splitting.shardRowsMax().isPresent()
                ? size.rows() / splitting.shardRowsMax().getAsLong() + 1
                : 1;
        return Math.max(size.bytes() / splitting.shardBytes() + 1, byRows);
    }

    static List<String> cut(String key, BigInteger min, BigInteger max, long pieces) {
        BigInteger width = max.subtract(min).divide(BigInteger.valueOf(pieces)).add(BigInteger.ONE);
        List<String> ranges = new ArrayList<>();
        BigInteger from = min.add(width);
        String lower = "";
        while (from.compareTo(max) <= 0) {
            String upper = key + " < " + from;
            ranges.add(lower.isEmpty() ? upper : lower + " AND " + upper);
            lower = key + " >= " + from;
            from = from.add(width);
        }
        ranges.add(lower);
        return ranges;
    }
}

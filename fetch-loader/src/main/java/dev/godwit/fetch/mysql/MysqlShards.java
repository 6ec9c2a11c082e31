package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.mysql.MysqlLoadPlan.Entry;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts large tables whose key begins with an integer into ranges of that key. The ranges touch each other, the first and the last are open:
 * so no row is missing and none comes twice. Other tables travel in one piece.
 */
final class MysqlShards {
    private final Dialect dialect;
    private final long shardBytes;

    MysqlShards(Dialect dialect, long shardBytes) {
        this.dialect = dialect;
        this.shardBytes = shardBytes;
    }

    /** What the server guesses of a table. */
    record Size(long rows, long bytes) {}

    static Size size(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT coalesce(table_rows, 0), coalesce(data_length, 0) FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND table_name = ?")) {
            statement.setString(1, entry.table().name().name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Size(row.getLong(1), row.getLong(2)) : new Size(0, 0);
            }
        }
    }

    /** Conditions that cut the table; one empty one if it stays whole. */
    List<String> ranges(Connection snapshot, Entry entry) throws SQLException {
        Column first = entry.table().primaryKeyColumns().get(0);
        boolean isInteger = first.type().kind() == TypeKind.INTEGER
                || first.type().baseName().equals("bigint");
        long pieces = size(snapshot, entry).bytes() / shardBytes + 1;
        if (!isInteger || entry.inOnePiece() || pieces < 2) {
            return List.of("");
        }
        String key = dialect.quote(first.name());
        try (Statement statement = snapshot.createStatement();
                ResultSet row = statement.executeQuery("SELECT min(" + key + "), max(" + key + ") FROM "
                        + dialect.quote(entry.table().name()))) {
            row.next();
            return row.getString(1) == null
                    ? List.of("")
                    : cut(key, new BigInteger(row.getString(1)), new BigInteger(row.getString(2)), pieces);
        }
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

package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** All rows of tables in one short text, the same whichever product holds them. */
public final class Contents {
    private Contents() {}

    /** Tables must have a column id, by which their rows are ordered. */
    public static String of(Database database, TableName... tables) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (Connection connection = database.open()) {
            for (TableName table : tables) {
                all.append(table)
                        .append(' ')
                        .append(of(database, connection, table))
                        .append(' ');
            }
        }
        return all.toString();
    }

    private static String of(Database database, Connection connection, TableName name) throws SQLException {
        Dialect dialect = database.dialect();
        Table table = dialect.readCatalog(connection, List.of(name)).table(name).orElseThrow();
        List<Column> columns = table.columns().stream()
                .filter(column -> !column.hidden())
                .sorted(Comparator.comparing(Column::name))
                .toList();
        String sql = columns.stream()
                        .map(column -> dialect.selected(dialect.quote(column.name()), column.type()))
                        .collect(Collectors.joining(", ", "SELECT ", " FROM "))
                + dialect.quote(name) + " AS t ORDER BY t.id"; // an output column of that name would be text
        MessageDigest digest = sha256();
        long rows = 0;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows++;
                for (int i = 0; i < columns.size(); i++) {
                    String value = dialect.read(row, i + 1, columns.get(i).type());
                    digest.update((value == null ? "N" : "V" + value.length() + ":" + value)
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return rows + " rows " + HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One row of PostgreSQL or CockroachDB. */
final class RowByKey {
    private final Dialect dialect;
    private final List<Column> columns;
    private final String sql;

    RowByKey(Dialect dialect, Table table, List<Column> columns) {
        this.dialect = dialect;
        this.columns = columns;
        this.sql = columns.stream()
                        .map(column -> dialect.selected(dialect.quote(column.name()), column.type()))
                        .collect(Collectors.joining(", ", "SELECT ", ""))
                + " FROM " + dialect.quote(table.name())
                + table.primaryKeyColumns().stream()
                        .map(key -> dialect.quote(key.name()) + " = ?::text::"
                                + key.type().castName())
                        .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    Optional<String[]> read(Connection connection, List<String> key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < key.size(); i++) {
                select.setString(i + 1, key.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(values(dialect, row, columns)) : Optional.empty();
            }
        }
    }

    static String[] values(Dialect dialect, ResultSet row, List<Column> columns) throws SQLException {
        String[] values = new String[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dialect.read(row, i + 1, columns.get(i).type());
        }
        return values;
    }
}

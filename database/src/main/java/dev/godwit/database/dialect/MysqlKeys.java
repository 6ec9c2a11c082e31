package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows by their primary key, and exactly those: by its collation MySQL takes {@code 'a'} for {@code 'A'}. */
final class MysqlKeys {
    private final MysqlDialect dialect;
    private final Table table;
    private final List<Column> key;

    MysqlKeys(MysqlDialect dialect, Table table) {
        this.dialect = dialect;
        this.table = table;
        this.key = table.primaryKeyColumns();
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a write into " + table + " without its primary key");
        }
    }

    List<Column> columns() {
        return key;
    }

    /** Whether different keys may count as the same. */
    boolean hasText() {
        return key.stream().anyMatch(MysqlKeys::isText);
    }

    private static boolean isText(Column column) {
        return switch (column.type().kind()) {
            case TEXT, CHAR, ENUM -> true;
            default -> false;
        };
    }

    /** A condition with the parameters of one key after the other; by collation, where the key has a text. */
    String condition(int rows) {
        String names =
                key.stream().map(column -> dialect.quote(column.name())).collect(Collectors.joining(", ", "(", ")"));
        return names + " IN (" + MysqlRows.tuples(MysqlRows.tuple(key.size()), rows) + ")";
    }

    /** A condition that holds for exactly one key: by bytes where the key has a text. Takes the parameters of that key, and then again. */
    String exactly() {
        return key.stream()
                .map(column -> dialect.quote(column.name()) + " = ?"
                        + (isText(column)
                                ? " AND " + MysqlDialect.bytes(dialect.quote(column.name())) + " = "
                                        + MysqlDialect.bytes("?")
                                : ""))
                .collect(Collectors.joining(" AND "));
    }

    /** The parameters of {@link #exactly}. */
    List<Object> exactParameters(Object[] keyValues) {
        List<Object> parameters = new ArrayList<>();
        for (int i = 0; i < keyValues.length; i++) {
            parameters.add(keyValues[i]);
            if (isText(key.get(i))) {
                parameters.add(keyValues[i]);
            }
        }
        return parameters;
    }

    /** The columns of the row with this key; its row stays locked until the transaction ends. */
    Optional<String[]> row(Connection connection, List<Column> columns, Object[] keyValues) throws SQLException {
        String selected = columns.stream()
                .map(column -> dialect.selected(dialect.quote(column.name()), column.type()))
                .collect(Collectors.joining(", "));
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + selected + " FROM "
                + dialect.quote(table.name()) + " WHERE " + exactly() + " FOR UPDATE")) {
            int place = 1;
            for (Object value : exactParameters(keyValues)) {
                MysqlValues.set(statement, place++, value);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(RowByKey.values(dialect, row, columns)) : Optional.empty();
            }
        }
    }

    /** Those of the keys that are there, by {@link #name}; their rows stay locked until the transaction ends. */
    Set<String> lock(Connection connection, Collection<Object[]> keys) throws SQLException {
        Set<String> found = new HashSet<>();
        String columns = key.stream()
                .map(column -> dialect.selected(dialect.quote(column.name()), column.type()))
                .collect(Collectors.joining(", "));
        MysqlRows.run(
                connection,
                rows -> "SELECT " + columns + " FROM " + dialect.quote(table.name()) + " WHERE " + condition(rows)
                        + " FOR UPDATE",
                List.copyOf(keys),
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            Object[] values = new Object[key.size()];
                            for (int i = 0; i < values.length; i++) {
                                Column column = key.get(i);
                                values[i] = MysqlValues.value(column, dialect.read(row, i + 1, column.type()));
                            }
                            found.add(name(values));
                        }
                    }
                    return 0;
                });
        return found;
    }

    /** One text for one key. */
    static String name(Object[] keyValues) {
        StringBuilder name = new StringBuilder();
        for (Object value : keyValues) {
            String text = MysqlValues.comparable(value);
            name.append(text.length()).append(':').append(text);
        }
        return name.toString();
    }

    /** The key of a row that has these columns. */
    Object[] of(List<Column> columns, Object[] row) {
        Object[] values = new Object[key.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[columns.indexOf(key.get(i))];
        }
        return values;
    }
}

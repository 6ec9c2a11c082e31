package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An update row by row: changefeeds send whole rows, so it is rare. */
final class MysqlUpdate implements RowWrite {
    private final List<Column> columns;
    private final List<Column> overwritten;
    private final MysqlKeys keys;
    private final String sql;

    MysqlUpdate(MysqlDialect dialect, Table table, List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.keys = new MysqlKeys(dialect, table);
        this.overwritten = columns.stream()
                .filter(column -> !table.primaryKey().contains(column.name()))
                .toList();
        if (overwritten.isEmpty()) {
            throw new IllegalArgumentException("an update of " + table + " without a column to write");
        }
        this.sql = "UPDATE " + dialect.quote(table.name()) + " SET "
                + overwritten.stream()
                        .map(column -> dialect.quote(column.name()) + " = ?")
                        .collect(Collectors.joining(", "))
                + " WHERE " + keys.exactly();
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        int hit = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Object[] row : MysqlRows.values(columns, rows)) {
                List<Object> parameters = new ArrayList<>();
                overwritten.forEach(column -> parameters.add(row[columns.indexOf(column)]));
                parameters.addAll(keys.exactParameters(keys.of(columns, row)));
                for (int i = 0; i < parameters.size(); i++) {
                    MysqlValues.set(statement, i + 1, parameters.get(i));
                }
                hit += statement.executeUpdate();
            }
        }
        return hit;
    }

    @Override
    public String toString() {
        return sql;
    }
}

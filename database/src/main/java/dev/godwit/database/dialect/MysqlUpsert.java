package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An upsert that touches rows by their primary key only.
 *
 * <p>{@code INSERT ... ON DUPLICATE KEY UPDATE} alone would do harm: where a new row meets another one in a secondary unique key, MySQL
 * overwrites that other row, without an error. So the rows that are there are found by their primary key and locked first. What is not there
 * is inserted plainly, which fails on any duplicate. What is there goes by {@code ON DUPLICATE KEY UPDATE}: it meets its own row in the primary
 * key, which InnoDB looks at before any other index, and if it then takes a unique value of another row, that fails too. Only where
 * the primary key is the one unique key, and different keys never count as the same, both go by one statement.
 */
final class MysqlUpsert implements RowWrite {
    private final List<Column> columns;
    private final MysqlKeys keys;
    private final boolean oneStatement;
    private final String insert;
    private final String overwrite;

    MysqlUpsert(MysqlDialect dialect, Table table, List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.keys = new MysqlKeys(dialect, table);
        if (!columns.containsAll(keys.columns())) {
            throw new IllegalArgumentException("a write into " + table + " without its primary key");
        }
        this.oneStatement = table.uniqueKeys().isEmpty() && !keys.hasText();
        this.insert = "INSERT INTO " + dialect.quote(table.name())
                + columns.stream()
                        .map(column -> dialect.quote(column.name()))
                        .collect(Collectors.joining(", ", " (", ") VALUES "));
        // Where there is nothing but the key, it is set to itself.
        List<Column> overwritten = columns.stream()
                .filter(column -> !table.primaryKey().contains(column.name()))
                .toList();
        this.overwrite = " AS new ON DUPLICATE KEY UPDATE "
                + (overwritten.isEmpty() ? keys.columns() : overwritten)
                        .stream()
                                .map(column -> dialect.quote(column.name()) + " = new." + dialect.quote(column.name()))
                                .collect(Collectors.joining(", "));
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        List<Object[]> values = MysqlRows.values(columns, rows);
        if (oneStatement) {
            write(connection, overwrite, values);
            return rows.size();
        }
        List<Object[]> ofRows =
                values.stream().map(row -> keys.of(columns, row)).toList();
        Set<String> found = keys.lock(connection, ofRows);
        List<Object[]> there = new ArrayList<>();
        List<Object[]> absent = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            (found.contains(MysqlKeys.name(ofRows.get(i))) ? there : absent).add(values.get(i));
        }
        write(connection, overwrite, there);
        write(connection, "", absent);
        return rows.size();
    }

    private void write(Connection connection, String end, List<Object[]> rows) throws SQLException {
        MysqlRows.run(
                connection,
                count -> insert + MysqlRows.tuples(MysqlRows.tuple(columns.size()), count) + end,
                rows,
                PreparedStatement::executeUpdate);
    }

    @Override
    public String toString() {
        return insert + "..." + overwrite;
    }
}

package dev.godwit.local.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows on their way into one table of MySQL, by inserts of many rows. */
final class InsertTable implements TableRows {
    private static final int ROWS_MAX = 500;

    private final Connection connection;
    private final DemoSql sql;
    private final String insert;
    private final List<Object[]> waiting = new ArrayList<>();
    private long rows;

    InsertTable(Connection connection, DemoSql sql, String table, String columns) {
        this.connection = connection;
        this.sql = sql;
        this.insert = "INSERT INTO " + DemoSchema.SCHEMA + "." + table + " (" + columns + ") VALUES ";
    }

    @Override
    public void row(Object... values) throws SQLException {
        waiting.add(values);
        rows++;
        if (waiting.size() == ROWS_MAX) {
            flush();
        }
    }

    @Override
    public long end() throws SQLException {
        flush();
        return rows;
    }

    private void flush() throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        String tuple = "(" + String.join(", ", Collections.nCopies(waiting.get(0).length, "?")) + ")";
        try (PreparedStatement statement =
                connection.prepareStatement(insert + String.join(", ", Collections.nCopies(waiting.size(), tuple)))) {
            int place = 1;
            for (Object[] values : waiting) {
                for (Object value : values) {
                    statement.setObject(place++, moment(sql.value(value)));
                }
            }
            statement.executeUpdate();
        }
        waiting.clear();
    }

    /** {@code 2025-03-30T00:00Z} without its zone: sessions are in UTC. */
    private static Object moment(Object value) {
        return value instanceof String text && text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")
                ? LocalDateTime.parse(text.substring(0, text.length() - 1))
                : value;
    }
}

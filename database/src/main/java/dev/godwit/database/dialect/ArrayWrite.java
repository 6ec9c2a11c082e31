package dev.godwit.database.dialect;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A write whose statement takes one text array per column and unnests them: the statement is the same whatever the number of rows, so
 * it is prepared and planned once, and no limit on placeholders applies.
 */
final class ArrayWrite implements RowWrite {
    private final String sql;
    private final int columnCount;
    private final int rowsMax;
    private final long charactersMax;

    ArrayWrite(String sql, int columnCount) {
        this(sql, columnCount, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * @param rowsMax rows of one statement
     * @param charactersMax and about how much text; a single row may have more
     */
    ArrayWrite(String sql, int columnCount, int rowsMax, long charactersMax) {
        this.sql = sql;
        this.columnCount = columnCount;
        this.rowsMax = rowsMax;
        this.charactersMax = charactersMax;
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        int hit = 0;
        for (int from = 0; from < rows.size(); ) {
            int to = end(rows, from);
            hit += executeOne(connection, rows.subList(from, to));
            from = to;
        }
        return hit;
    }

    private int end(List<String[]> rows, int from) {
        if (charactersMax == Long.MAX_VALUE) {
            return (int) Math.min(rows.size(), (long) from + rowsMax);
        }
        long characters = 0;
        int to = from;
        while (to < rows.size() && to - from < rowsMax) {
            for (String value : rows.get(to)) {
                characters += value == null ? 4 : value.length() + 3L;
            }
            if (to > from && characters > charactersMax) {
                break;
            }
            to++;
        }
        return to;
    }

    private int executeOne(Connection connection, List<String[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int column = 0; column < columnCount; column++) {
                String[] values = new String[rows.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = rows.get(row)[column];
                }
                Array array = connection.createArrayOf("text", values);
                statement.setArray(column + 1, array);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public String toString() {
        return sql;
    }
}

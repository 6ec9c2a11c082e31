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

    ArrayWrite(String sql, int columnCount) {
        this.sql = sql;
        this.columnCount = columnCount;
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
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

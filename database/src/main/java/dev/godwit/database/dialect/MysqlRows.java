package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs one statement for as many rows as fit into it. */
final class MysqlRows {
    /** MySQL counts placeholders of a statement in 16 bits. */
    private static final int PLACEHOLDERS_MAX = 60_000;

    private static final int ROWS_MAX = 2_000;
    /** A statement is one packet, and one that is larger than this asks the server how large packets may be. */
    private static final long SURE_BYTES = 1L << 20;

    private MysqlRows() {}

    /** Makes the statement for a number of rows. */
    interface Sql {
        String of(int rows);
    }

    /** What is done with a statement whose parameters are set. */
    interface Execution {
        int run(PreparedStatement statement) throws SQLException;
    }

    static List<Object[]> values(List<Column> columns, List<String[]> rows) throws SQLException {
        List<Object[]> values = new ArrayList<>(rows.size());
        for (String[] row : rows) {
            Object[] converted = new Object[columns.size()];
            for (int i = 0; i < converted.length; i++) {
                converted[i] = MysqlValues.value(columns.get(i), row[i]);
            }
            values.add(converted);
        }
        return values;
    }

    /** The sum of what the execution returns. */
    static int run(Connection connection, Sql sql, List<Object[]> rows, Execution execution) throws SQLException {
        int sum = 0;
        for (int from = 0; from < rows.size(); ) {
            int to = end(connection, rows, from);
            try (PreparedStatement statement = connection.prepareStatement(sql.of(to - from))) {
                int place = 1;
                for (Object[] row : rows.subList(from, to)) {
                    for (Object value : row) {
                        MysqlValues.set(statement, place++, value);
                    }
                }
                sum += execution.run(statement);
            }
            from = to;
        }
        return sum;
    }

    private static int end(Connection connection, List<Object[]> rows, int from) throws SQLException {
        int rowsMax = Math.max(1, Math.min(ROWS_MAX, PLACEHOLDERS_MAX / Math.max(1, rows.get(from).length)));
        long bytesMax = SURE_BYTES;
        boolean asked = false;
        long bytes = 0;
        int to = from;
        while (to < rows.size() && to - from < rowsMax) {
            for (Object value : rows.get(to)) {
                bytes += MysqlValues.size(value);
            }
            if (bytes > bytesMax && !asked) {
                bytesMax = Math.max(SURE_BYTES, packetBytesMax(connection) / 4);
                asked = true;
            }
            if (bytes > bytesMax && to > from) {
                return to;
            }
            to++;
        }
        return to;
    }

    private static long packetBytesMax(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** {@code (?, ?), (?, ?)} */
    static String tuples(String tuple, int rows) {
        return String.join(", ", Collections.nCopies(rows, tuple));
    }

    static String tuple(int columns) {
        return "(" + tuples("?", columns) + ")";
    }
}

package dev.godwit.verify;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Rows by {@code COPY (...) TO STDOUT}: PostgreSQL sends them in a stream, without being asked for the next ones, and a row needs not be taken apart
 * as long as it equals the other side's as a whole.
 */
final class CopiedRows implements RowSource {
    private final CopyOut copy;
    private final int columns;
    private byte[] row;

    CopiedRows(Connection connection, String select, int columns) throws SQLException {
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT");
        this.columns = columns;
    }

    @Override
    public boolean next() throws SQLException {
        row = copy.readFromCopy();
        return row != null;
    }

    @Override
    public byte[] bytes() {
        return row;
    }

    @Override
    public String[] values(byte[] ofRow) {
        String[] values = new String[columns];
        int start = 0;
        for (int i = 0; i < columns; i++) {
            int end = start;
            boolean escaped = false;
            while (ofRow[end] != '\t' && ofRow[end] != '\n') {
                escaped |= ofRow[end] == '\\';
                end++;
            }
            values[i] = escaped
                    ? unescaped(ofRow, start, end)
                    : new String(ofRow, start, end - start, StandardCharsets.UTF_8);
            start = end + 1;
        }
        if (start != ofRow.length) {
            throw new IllegalStateException("a row with more than " + columns + " columns");
        }
        return values;
    }

    /** As the documentation of COPY has it; null for {@code \N}. */
    private static String unescaped(byte[] row, int start, int end) {
        if (end - start == 2 && row[start + 1] == 'N') {
            return null;
        }
        byte[] value = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte one = row[i];
            if (one == '\\') {
                i++;
                one = switch (row[i]) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> 0x0b;
                    default -> row[i];
                };
            }
            value[length++] = one;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        // Read to the end it is over; else the whole comparison has failed, and the connection will be cut.
    }
}

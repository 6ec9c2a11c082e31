package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Carries the rows of one query into one COPY. Memory is bounded by one buffer and the largest row: the source sends rows as they are read, and
 * the target holds it up.
 */
final class MysqlCopy {
    private static final int BUFFER_CHARACTERS = 64 << 10;
    /** MySQL allows dates that no calendar has, if the server's sql_mode does. */
    private static final Pattern NO_DATE = Pattern.compile("0000-.*|[0-9]{4}-00-.*|[0-9]{4}-[0-9]{2}-00.*");

    /** Hears of rows and bytes that went through. */
    interface Meter {
        void passed(long moreRows, long moreBytes);
    }

    private final Dialect source;
    private final List<Column> columns;
    private final Meter meter;
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARACTERS);
    private long rowsInBuffer;

    MysqlCopy(Dialect source, List<Column> columns, Meter meter) {
        this.source = source;
        this.columns = columns;
        this.meter = meter;
    }

    /** Does not commit. @return the number of rows, on which both ends agree */
    long run(Connection from, String selectSql, Connection to, String copySql) throws SQLException {
        CopyIn in = to.unwrap(PGConnection.class).getCopyAPI().copyIn(copySql);
        long rows = 0;
        try (Statement statement = from.createStatement()) {
            // One row at a time; any other value would fetch the whole result into memory first.
            statement.setFetchSize(Integer.MIN_VALUE);
            try (ResultSet row = statement.executeQuery(selectSql)) {
                while (row.next()) {
                    append(row);
                    rows++;
                    rowsInBuffer++;
                    if (buffer.length() >= BUFFER_CHARACTERS) {
                        flush(in);
                    }
                }
            }
            flush(in);
        } catch (SQLException | RuntimeException e) {
            if (in.isActive()) {
                in.cancelCopy();
            }
            throw e;
        }
        long loaded = in.endCopy();
        if (loaded != rows) {
            throw new SQLException("the target stored " + loaded + " of " + rows + " rows; a trigger may drop rows");
        }
        return rows;
    }

    private void append(ResultSet row) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                buffer.append('\t');
            }
            String value = source.read(row, i + 1, columns.get(i).type());
            if (value == null) {
                buffer.append("\\N");
            } else {
                requireDate(columns.get(i), value, row);
                appendEscaped(value);
            }
        }
        buffer.append('\n');
    }

    private void requireDate(Column column, String value, ResultSet row) throws SQLException {
        TypeKind kind = column.type().kind();
        boolean dated = kind == TypeKind.DATE || kind == TypeKind.TIMESTAMP || kind == TypeKind.TIMESTAMPTZ;
        if (dated && NO_DATE.matcher(value).matches()) {
            throw new SQLDataException(
                    "column \"" + column.name() + "\" holds " + value + " in the row that begins with "
                            + row.getString(1)
                            + ", a date that no calendar has and the target cannot hold; give these rows a date or NULL on the source",
                    "22008");
        }
    }

    /** COPY's text format (PostgreSQL documentation, "COPY", "Text Format"). */
    private void appendEscaped(String value) throws SQLException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                case 0 ->
                    throw new SQLDataException(
                            "a text holds a character with the code 0, which the target cannot hold", "22021");
                default -> buffer.append(c);
            }
        }
    }

    private void flush(CopyIn in) throws SQLException {
        if (!buffer.isEmpty()) {
            byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
            // CockroachDB refuses messages beyond 16 MiB, so a large row goes in pieces.
            for (int from = 0; from < bytes.length; from += BUFFER_CHARACTERS) {
                in.writeToCopy(bytes, from, Math.min(BUFFER_CHARACTERS, bytes.length - from));
            }
            meter.passed(rowsInBuffer, bytes.length);
            buffer.setLength(0);
            rowsInBuffer = 0;
        }
    }
}

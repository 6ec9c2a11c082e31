package dev.godwit.fetch.postgres;

import dev.godwit.fetch.source.CopyRows;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Rows of a {@code COPY ... TO STDOUT}. PostgreSQL sends one message for each, also where a row has line ends in it. */
final class PgCopyRows implements CopyRows {
    private final CopyOut out;
    private long rows;

    PgCopyRows(Connection connection, String copySql) throws SQLException {
        this.out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copySql);
    }

    @Override
    public byte[] next() throws SQLException {
        byte[] row = out.readFromCopy();
        if (row != null) {
            rows++;
        } else if (out.getHandledRowCount() != rows) {
            throw new SQLException(
                    "the source says it sent " + out.getHandledRowCount() + " rows, and " + rows + " arrived");
        }
        return row;
    }

    @Override
    public void close() throws SQLException {
        if (out.isActive()) {
            out.cancelCopy();
        }
    }
}

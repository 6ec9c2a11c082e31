package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.source.CopyRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Rows of a query, one at a time: the server is held up by whoever takes them. */
final class ResultRows implements CopyRows {
    private final Statement statement;
    private final ResultSet rows;
    private final RowText text;
    private boolean ended;

    ResultRows(Connection connection, Dialect dialect, RowQuery query) throws SQLException {
        this.text = new RowText(dialect, query.fields());
        this.statement = connection.createStatement();
        try {
            statement.setEscapeProcessing(false);
            // One row at a time; any other value would fetch the whole result into memory first.
            statement.setFetchSize(Integer.MIN_VALUE);
            this.rows = statement.executeQuery(query.sql());
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public byte[] next() throws SQLException {
        if (!hasNext()) {
            ended = true;
            return null;
        }
        return text.of(rows);
    }

    /** Of a connection that is lost between two rows the driver (9.4) says no more than "general error". */
    private boolean hasNext() throws SQLException {
        try {
            return rows.next();
        } catch (SQLException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException) {
                    ended = true;
                    throw new SQLException(e.getMessage(), "08006", e);
                }
            }
            throw e;
        }
    }

    /** The driver reads to the end what was asked for, however much it is: so the server is told to stop before. */
    @Override
    public void close() throws SQLException {
        try (statement) {
            if (!ended) {
                statement.cancel();
            }
        }
    }
}

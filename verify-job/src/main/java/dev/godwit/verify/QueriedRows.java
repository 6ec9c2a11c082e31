package dev.godwit.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Rows of a query, fetched in batches. */
final class QueriedRows implements RowSource {
    private final Statement statement;
    private final ResultSet rows;
    private final FetchSize fetchSize;
    private final int columns;

    QueriedRows(Connection connection, String select, int columns, int rowBatchSize) throws SQLException {
        this.columns = columns;
        this.fetchSize = new FetchSize(rowBatchSize);
        this.statement = connection.createStatement();
        // Braces in the user's SQL are his.
        statement.setEscapeProcessing(false);
        statement.setFetchSize(fetchSize.size());
        this.rows = statement.executeQuery(select);
    }

    @Override
    public boolean next() throws SQLException {
        return rows.next();
    }

    @Override
    public byte[] bytes() {
        return null;
    }

    @Override
    public String[] values(byte[] ofRow) throws SQLException {
        String[] values = new String[columns];
        long characters = 0;
        for (int i = 0; i < columns; i++) {
            values[i] = rows.getString(i + 1);
            characters += values[i] == null ? 0 : values[i].length();
        }
        if (fetchSize.rowRead(characters)) {
            rows.setFetchSize(fetchSize.size());
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}

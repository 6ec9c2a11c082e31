package dev.godwit.verify;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Rows of a query to MySQL, whose driver fetches all of them at once unless it is asked for one at a time. */
final class StreamedRows implements RowSource {
    private final Dialect dialect;
    private final List<ColumnType> types;
    private final Statement statement;
    private final ResultSet rows;

    StreamedRows(Dialect dialect, Connection connection, String select, List<ColumnType> types) throws SQLException {
        this.dialect = dialect;
        this.types = types;
        this.statement = connection.createStatement();
        statement.setEscapeProcessing(false);
        statement.setFetchSize(Integer.MIN_VALUE);
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
        String[] values = new String[types.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dialect.read(rows, i + 1, types.get(i));
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}

package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.source.CopyRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A session of this process. */
record DirectAccess(Connection connection, Dialect dialect) implements SnapshotAccess {

    @Override
    public CopyRows rows(RowQuery query) throws SQLException {
        return new ResultRows(connection, dialect, query);
    }

    @Override
    public List<String> first(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Braces in a user's condition are no JDBC escapes.
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                List<String> values = new ArrayList<>();
                if (row.next()) {
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(row.getString(i));
                    }
                }
                return values;
            }
        }
    }
}

package dev.godwit.fetch.snapshot;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.session.PinnedSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A connection to the source that sees the exported snapshot, and nothing later. If it drops, the snapshot is lost for it: it is never opened again, because a new
 * connection would see another state of the tables.
 */
public final class SnapshotReader implements AutoCloseable {
    private final Connection connection;

    private SnapshotReader(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param fetchId the load whose life the connection proves
     * @throws SQLException also if nobody exports the snapshot any more
     */
    public static SnapshotReader open(Database source, String fetchId, String snapshotName, List<TableName> tables)
            throws SQLException {
        Connection connection = PinnedSession.open(source);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock_shared(" + LoadLock.key(fetchId) + ")");
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotName.replace("'", "''") + "'");
            statement.execute(TableLocks.sql(source.dialect(), tables));
            return new SnapshotReader(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    public Connection connection() {
        return connection;
    }

    public long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Braces in a user's condition are no JDBC escapes.
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    public String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

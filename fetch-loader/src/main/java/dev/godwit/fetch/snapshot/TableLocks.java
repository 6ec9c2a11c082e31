package dev.godwit.fetch.snapshot;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.PinnedSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keeps the source's tables as they are while they are read. Reads and writes go on; ALTER TABLE and TRUNCATE wait. Without that, a table that is rewritten between
 * the snapshot and the first read would look empty to the snapshot, and its rows would be missing in silence.
 */
public final class TableLocks implements AutoCloseable {
    private final Connection connection;

    private TableLocks(Connection connection) {
        this.connection = connection;
    }

    /** Gives up after half a minute of waiting for somebody else's ALTER TABLE. */
    public static TableLocks take(FetchRequest request, List<TableName> tables) throws SQLException {
        Connection connection = PinnedSession.open(request.source());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '30s'");
            // Read committed and without a transaction id: the slot need not wait for this transaction.
            statement.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
            statement.execute(sql(request.source().dialect(), tables));
            return new TableLocks(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static String sql(Dialect dialect, List<TableName> tables) {
        return tables.stream()
                .map(dialect::quote)
                .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE"));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

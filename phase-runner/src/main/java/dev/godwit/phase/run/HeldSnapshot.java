package dev.godwit.phase.run;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.mysql.MysqlSnapshots;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keeps the snapshot of the bulk load alive until the load has been verified: the comparison then sees exactly the rows that were to be loaded,
 * however busy the source is. A snapshot lives no longer than the connection that holds it.
 */
final class HeldSnapshot implements AutoCloseable {
    private final Connection connection;
    private final String name;

    /** @param connection null for MySQL, whose snapshot consists of connections */
    private HeldSnapshot(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /** @param snapshotName a snapshot that another connection still exports */
    static HeldSnapshot of(Database source, String snapshotName, List<TableName> tables) throws SQLException {
        if (source.product() == Product.MYSQL) {
            MysqlSnapshots.claim(snapshotName);
            return new HeldSnapshot(null, snapshotName);
        }
        Connection connection = source.open();
        try (Statement statement = connection.createStatement()) {
            for (String setting : List.of("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")) {
                statement.execute("SET " + setting + " = 0");
            }
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotName.replace("'", "''") + "'");
            // A table that is rewritten or truncated would look empty to the snapshot.
            statement.execute("LOCK TABLE "
                    + tables.stream().map(source.dialect()::quote).collect(Collectors.joining(", "))
                    + " IN ACCESS SHARE MODE");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                return new HeldSnapshot(connection, row.getString(1));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** For {@code SET TRANSACTION SNAPSHOT} on other connections. */
    String name() {
        return name;
    }

    boolean isAlive() {
        if (connection == null) {
            return MysqlSnapshots.isAlive(name);
        }
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        if (connection == null) {
            MysqlSnapshots.close(name);
            return;
        }
        connection.close();
    }
}

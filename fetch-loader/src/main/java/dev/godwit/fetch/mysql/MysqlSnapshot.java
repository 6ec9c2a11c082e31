package dev.godwit.fetch.mysql;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several connections that see one state of the source, and the GTID set of that state.
 *
 * <p>Where the user may, {@code FLUSH TABLES WITH READ LOCK} stops all commits for the moment in which the connections begin their
 * transactions. Where not, they begin one after the other, until the set of executed GTIDs was the same before and after. A transaction is visible
 * a moment before its GTID is in that set, so the snapshot may hold a transaction which the set does not name. That one comes again by
 * replication, and writes what is there already; the reverse, a transaction that is named and not seen, cannot happen.
 */
final class MysqlSnapshot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MysqlSnapshot.class);
    private static final int LOCK_WAIT_SECONDS = 30;
    private static final int ATTEMPTS_MAX = 500;
    private final List<Connection> connections;
    private final List<Connection> kept;
    private final String gtidSet;

    private MysqlSnapshot(List<Connection> connections, List<Connection> kept, String gtidSet) {
        this.connections = List.copyOf(connections);
        this.kept = List.copyOf(kept);
        this.gtidSet = gtidSet;
    }

    /**
     * Each connection also takes a metadata lock on every table, so that none of them is altered or dropped while it is read.
     *
     * @param kept how many more connections whoever compares with the snapshot after the load gets
     * @throws SQLException also where the source commits so fast that no moment between two commits was met
     */
    static MysqlSnapshot take(Database source, List<TableName> tables, int readers, int kept) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try (Connection control = source.open()) {
            for (int i = 0; i < readers + kept; i++) {
                connections.add(reader(source));
            }
            String gtidSet = begin(control, connections);
            for (Connection connection : connections) {
                hold(source, connection, tables);
            }
            return new MysqlSnapshot(
                    connections.subList(0, readers), connections.subList(readers, connections.size()), gtidSet);
        } catch (SQLException | RuntimeException e) {
            for (Connection connection : connections) {
                connection.close();
            }
            throw e;
        }
    }

    private static Connection reader(Database source) throws SQLException {
        Properties properties = new Properties();
        // Else the driver gives a reader ten minutes at each result, whatever the session says.
        properties.setProperty("netTimeoutForStreamingResults", "0");
        Connection connection = source.open(properties);
        try (Statement statement = connection.createStatement()) {
            // A reader that waits for a slow target must not be ended.
            // And tables must be as large as they are, not as they were yesterday.
            statement.execute("SET SESSION net_write_timeout = 86400, wait_timeout = 86400, max_execution_time = 0,"
                    + " information_schema_stats_expiry = 0, transaction_isolation = 'REPEATABLE-READ'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String begin(Connection control, List<Connection> connections) throws SQLException {
        if (lock(control)) {
            try {
                begin(connections);
                return executed(control);
            } finally {
                execute(control, "UNLOCK TABLES");
            }
        }
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            String before = executed(control);
            begin(connections);
            if (before.equals(executed(control))) {
                return before;
            }
        }
        throw new SQLException("in " + ATTEMPTS_MAX + " attempts the source committed each time while "
                + connections.size()
                + " snapshots were taken: let the user flush tables (GRANT RELOAD ON *.* TO ...), or"
                + " load over one connection");
    }

    /** Returns whether all commits are held up now. */
    private static boolean lock(Connection control) throws SQLException {
        try {
            execute(control, "SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
            execute(control, "FLUSH TABLES WITH READ LOCK");
            return true;
        } catch (SQLException e) {
            // 1227: no privilege; 1205: a long statement holds a table; 1044, 1045: managed services forbid it.
            LOG.info("no global read lock ({}); snapshots are compared by their GTID sets instead", e.getMessage());
            return false;
        }
    }

    private static void begin(List<Connection> connections) throws SQLException {
        for (Connection connection : connections) {
            execute(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        }
    }

    private static void hold(Database source, Connection connection, List<TableName> tables) throws SQLException {
        for (TableName table : tables) {
            execute(connection, "SELECT 1 FROM " + source.dialect().quote(table) + " LIMIT 0");
        }
    }

    private static String executed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
            row.next();
            return row.getString(1).lines().map(String::trim).collect(Collectors.joining());
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<Connection> connections() {
        return connections;
    }

    /** Connections that whoever hears of them may keep; {@link #close} leaves them alone. */
    List<Connection> kept() {
        return kept;
    }

    /** Every transaction in it is in the snapshot; what is not in it, replication brings. */
    String gtidSet() {
        return gtidSet;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}

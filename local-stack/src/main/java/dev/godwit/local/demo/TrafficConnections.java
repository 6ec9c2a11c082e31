package dev.godwit.local.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;

/** A writer's connections, one to each side, opened when needed. Used by one thread; {@link #abort} by any. */
final class TrafficConnections {
    private final TrafficRouter router;
    private final Map<Side, Connection> open = new EnumMap<>(Side.class);

    TrafficConnections(TrafficRouter router) {
        this.router = router;
    }

    /** Not in auto-commit mode. */
    Connection to(Side side) throws SQLException {
        synchronized (open) {
            Connection known = open.get(side);
            if (known != null) {
                return known;
            }
        }
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "godwit demo traffic");
        // In seconds, or in milliseconds.
        String unit = router.sql(side).isMysql() ? "000" : "";
        properties.setProperty("connectTimeout", "5" + unit);
        // A server that does not answer any more must not hold a region's transactions for ever.
        properties.setProperty("socketTimeout", "30" + unit);
        Connection connection = router.database(side).open(properties);
        router.sql(side).prepare(connection);
        connection.setAutoCommit(false);
        synchronized (open) {
            open.put(side, connection);
        }
        return connection;
    }

    /** After a failure: ends the transaction, and forgets the connection if that does not work. */
    void rollback(Side side) {
        Connection connection;
        synchronized (open) {
            connection = open.get(side);
        }
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            drop(side);
        }
    }

    void drop(Side side) {
        Connection connection;
        synchronized (open) {
            connection = open.remove(side);
        }
        closeQuietly(connection);
    }

    void close() {
        for (Side side : Side.values()) {
            drop(side);
        }
    }

    /** Breaks what is under way, so that the writer's thread comes back from the driver. */
    void abort() {
        synchronized (open) {
            for (Connection connection : open.values()) {
                try {
                    connection.abort(Runnable::run);
                } catch (SQLException e) {
                    closeQuietly(connection);
                }
            }
        }
    }

    private static void closeQuietly(Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It was broken already; there is nothing more to give back.
            }
        }
    }
}

package dev.godwit.fetch.session;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The connections of one load, so that all of them can be ended at once. Thread-safe. */
public final class OpenConnections implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<Closeable> others = new ArrayList<>();
    private boolean aborted;

    /** @throws SQLException after {@link #abort}; the connection is closed then */
    public synchronized <C extends Connection> C add(C connection) throws SQLException {
        if (aborted) {
            connection.close();
            throw new SQLException("the load has been stopped");
        }
        connections.add(connection);
        return connection;
    }

    /** As {@link #add}, for what is no connection to a database. */
    public synchronized <C extends Closeable> C entered(C other) throws SQLException {
        if (aborted) {
            quietly(other);
            throw new SQLException("the load has been stopped");
        }
        others.add(other);
        return other;
    }

    private static void quietly(Closeable other) {
        try {
            other.close();
        } catch (IOException e) {
            // It is gone, as it should be.
        }
    }

    /** Cuts all connections off, also in the middle of a statement. Servers roll their transactions back. */
    public synchronized void abort() {
        aborted = true;
        others.forEach(OpenConnections::quietly);
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It was closed before; that is all that was wanted.
            }
        }
    }

    @Override
    public synchronized void close() {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is gone, as it should be.
            }
        }
        connections.clear();
        others.forEach(OpenConnections::quietly);
        others.clear();
    }
}

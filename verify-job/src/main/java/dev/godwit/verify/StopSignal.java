package dev.godwit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the comparisons of all tables when one has failed: also those that wait for a database to sort. Thread-safe. */
final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

    private final Set<Connection> running = new HashSet<>();
    private final CountDownLatch came = new CountDownLatch(1);
    private volatile boolean given;

    boolean isGiven() {
        return given;
    }

    /** @throws CancellationException if the signal is given */
    void check() {
        if (given) {
            throw new CancellationException("the comparison of another table failed");
        }
    }

    /**
     * Waits so long, unless the signal comes.
     *
     * @throws CancellationException if the signal is given, or the thread interrupted
     */
    void await(long nanos) {
        try {
            if (came.await(nanos, TimeUnit.NANOSECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /**
     * From now on the signal ends what runs on the connection, and the connection.
     *
     * @throws CancellationException if the signal is given already
     */
    synchronized void watch(Connection connection) {
        check();
        running.add(connection);
    }

    synchronized void forget(Connection connection) {
        running.remove(connection);
    }

    synchronized void give() {
        given = true;
        came.countDown();
        for (Connection connection : running) {
            try {
                if (connection.isWrapperFor(PGConnection.class)) {
                    connection.unwrap(PGConnection.class).cancelQuery(); // so that the server does not go on for nobody
                }
                connection.abort(Runnable::run); // and a query that had not begun yet fails too
            } catch (SQLException e) {
                LOG.debug("a query could not be cancelled; it ends with its connection", e);
            }
        }
    }
}

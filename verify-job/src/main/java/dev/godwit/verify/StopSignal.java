package dev.godwit.verify;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the comparisons of all tables when one has failed: also those that wait for a database to sort. Thread-safe. */
final class StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

    private final Set<Statement> running = new HashSet<>();
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

    /** @throws CancellationException if the signal is given already */
    synchronized void watch(Statement statement) {
        check();
        running.add(statement);
    }

    synchronized void forget(Statement statement) {
        running.remove(statement);
    }

    synchronized void give() {
        given = true;
        for (Statement statement : running) {
            try {
                statement.cancel(); // so that the server does not go on for nobody
                statement.getConnection().abort(Runnable::run); // and a query that had not begun yet fails too
            } catch (SQLException e) {
                LOG.debug("a query could not be cancelled; it ends with its connection", e);
            }
        }
    }
}

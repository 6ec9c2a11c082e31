package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.mysql.MysqlSnapshots;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of {@link ReadSession} to one side that are used again: for small ranges, opening one costs more than reading. Thread-safe. */
final class ReadSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadSessions.class);

    private final Database database;
    private final Optional<String> snapshot;
    private final Duration statementTimeout;
    private final boolean atRest;
    private final Deque<Connection> idle = new ArrayDeque<>();
    /** Null until somebody reads. */
    private Optional<PastReads> past;

    /** @param atRest whether nobody changes the rows meanwhile, so that those of a moment ago do as well */
    ReadSessions(Database database, Optional<String> snapshot, Duration statementTimeout, boolean atRest) {
        this.database = database;
        this.snapshot = snapshot;
        this.statementTimeout = statementTimeout;
        this.atRest = atRest;
    }

    Database database() {
        return database;
    }

    /** A connection whose next query begins a transaction, and so sees the state of that moment, or that of the snapshot. */
    Connection take() throws SQLException {
        if (borrows()) {
            return MysqlSnapshots.borrow(snapshot.orElseThrow());
        }
        Connection used;
        synchronized (idle) {
            used = idle.poll();
        }
        boolean isNew = used == null;
        Connection taken = isNew ? ReadSession.open(database, snapshot, statementTimeout) : used;
        try {
            if (!isNew && database.product() != Product.MYSQL) {
                ReadSession.useSnapshot(taken, snapshot);
            }
            Optional<PastReads> time = past();
            if (time.isPresent()) {
                time.get().use(taken);
            }
            return taken;
        } catch (SQLException e) {
            taken.close();
            throw e;
        }
    }

    private Optional<PastReads> past() throws SQLException {
        synchronized (idle) {
            if (past == null) {
                past = atRest ? PastReads.from(database) : Optional.empty();
            }
            return past;
        }
    }

    /** MySQL lets nobody join a snapshot: its connections were made together, by somebody else. */
    private boolean borrows() {
        return database.product() == Product.MYSQL && snapshot.isPresent();
    }

    /** How many can be taken at the same time. */
    int connectionsMax() {
        return borrows() ? MysqlSnapshots.connections(snapshot.orElseThrow()) : Integer.MAX_VALUE;
    }

    /** Takes back a connection that nobody reads from any more. */
    void give(Connection connection) throws SQLException {
        if (borrows()) {
            MysqlSnapshots.giveBack(snapshot.orElseThrow(), connection);
            return;
        }
        connection.rollback();
        synchronized (idle) {
            idle.push(connection);
        }
    }

    /** Takes a connection that something went wrong with, perhaps while a query runs on it. */
    void discard(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        if (borrows()) {
            // So that nobody waits for it for ever: who takes it finds it closed.
            MysqlSnapshots.giveBack(snapshot.orElseThrow(), connection);
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            while (!idle.isEmpty()) {
                try {
                    idle.pop().close();
                } catch (SQLException e) {
                    LOG.debug("a connection could not be closed; it ends with the process", e);
                }
            }
        }
    }
}

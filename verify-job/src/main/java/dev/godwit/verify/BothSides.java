package dev.godwit.verify;

import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** One connection to either side, for the time of a range. Used by one thread, which lets a second one ask the target meanwhile. */
final class BothSides implements AutoCloseable {
    private final ReadSessions sourceSessions;
    private final ReadSessions targetSessions;
    private final Connection source;
    private final Connection target;
    private final Executor helpers;
    private final StopSignal stop;
    private boolean sound;

    /** Reads the whole result. */
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** What one side has to do. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    record Pair<T>(T source, T target) {}

    BothSides(ReadSessions sourceSessions, ReadSessions targetSessions, Executor helpers, StopSignal stop)
            throws SQLException {
        this.sourceSessions = sourceSessions;
        this.targetSessions = targetSessions;
        this.helpers = helpers;
        this.stop = stop;
        this.source = sourceSessions.take();
        try {
            this.target = targetSessions.take();
        } catch (SQLException | RuntimeException e) {
            ReadSessions.discard(source);
            throw e;
        }
    }

    ReadSessions sessions(boolean ofSource) {
        return ofSource ? sourceSessions : targetSessions;
    }

    Connection connection(boolean ofSource) {
        return ofSource ? source : target;
    }

    <T> T query(boolean ofSource, String sql, Reader<T> reader) throws SQLException {
        return query(connection(ofSource), sql, reader);
    }

    private <T> T query(Connection connection, String sql, Reader<T> reader) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            stop.watch(connection);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return reader.read(rows);
            } finally {
                stop.forget(connection);
            }
        }
    }

    /** Both sides at the same time. */
    <T> Pair<T> query(String sourceSql, String targetSql, Reader<T> reader) throws SQLException {
        return both(
                connection -> query(connection, sourceSql, reader), connection -> query(connection, targetSql, reader));
    }

    /** Both at the same time, the source's in the caller's thread. If that fails, the target's may still run: its connection will be cut. */
    <T> Pair<T> both(Work<T> onSource, Work<T> onTarget) throws SQLException {
        FutureTask<T> ofTarget = new FutureTask<>(() -> onTarget.on(target));
        helpers.execute(ofTarget);
        T ofSource = onSource.on(source);
        try {
            return new Pair<>(ofSource, ofTarget.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Until the connections are given back, plans that read whole tables are the last choice: each query wants a small part of one, and the planner
     * takes it for a larger one, as it does not know the ends of a range that comes from a list.
     */
    void preferIndexes() throws SQLException {
        for (ReadSessions sessions : List.of(sourceSessions, targetSessions)) {
            if (sessions.database().product() == Product.POSTGRESQL) {
                try (Statement statement =
                        connection(sessions == sourceSessions).createStatement()) {
                    statement.execute("SET LOCAL enable_seqscan = off");
                }
            }
        }
    }

    /** All went well: the connections may be used again. */
    void sound() {
        sound = true;
    }

    @Override
    public void close() throws SQLException {
        if (sound) {
            sourceSessions.give(source);
            targetSessions.give(target);
        } else {
            ReadSessions.discard(source);
            ReadSessions.discard(target);
        }
    }
}

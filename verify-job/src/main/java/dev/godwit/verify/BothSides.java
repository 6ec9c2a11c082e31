package dev.godwit.verify;

import dev.godwit.database.Product;
import dev.godwit.verify.checksum.KeyQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
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
            sourceSessions.discard(source);
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
        return query(ofSource, new KeyQuery(sql, List.of()), reader);
    }

    <T> T query(boolean ofSource, KeyQuery query, Reader<T> reader) throws SQLException {
        return watched(connection(ofSource), query, reader);
    }

    private <T> T watched(Connection connection, KeyQuery query, Reader<T> reader) throws SQLException {
        stop.watch(connection);
        try {
            return query(connection, query, reader);
        } finally {
            stop.forget(connection);
        }
    }

    /** Asks and reads. */
    static <T> T query(Connection connection, KeyQuery query, Reader<T> reader) throws SQLException {
        if (query.parameters().isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                try (ResultSet rows = statement.executeQuery(query.sql())) {
                    return reader.read(rows);
                }
            }
        }
        // The driver keeps what the server has prepared, by the text, as long as the connection lives.
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            for (int i = 0; i < query.parameters().size(); i++) {
                statement.setObject(i + 1, query.parameters().get(i), Types.OTHER);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(rows);
            }
        }
    }

    /** Both sides at the same time; on each one query after the other. */
    <T> Pair<List<T>> query(List<KeyQuery> ofSource, List<KeyQuery> ofTarget, Reader<T> reader) throws SQLException {
        return both(connection -> all(connection, ofSource, reader), connection -> all(connection, ofTarget, reader));
    }

    private <T> List<T> all(Connection connection, List<KeyQuery> queries, Reader<T> reader) throws SQLException {
        List<T> results = new ArrayList<>();
        for (KeyQuery query : queries) {
            results.add(watched(connection, query, reader));
        }
        return results;
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
        setLocal("enable_seqscan = off");
    }

    /**
     * Until the connections are given back, a query that hashes a whole table is spread over several processes of the server, as many as ranges would
     * be read at the same time; it takes the cost of handing on hashes for a reason not to.
     */
    void preferParallel(int processes) throws SQLException {
        setLocal("parallel_tuple_cost = 0");
        setLocal("max_parallel_workers_per_gather = " + (processes - 1));
    }

    private void setLocal(String setting) throws SQLException {
        for (boolean ofSource : List.of(true, false)) {
            if (sessions(ofSource).database().product() == Product.POSTGRESQL) {
                try (Statement statement = connection(ofSource).createStatement()) {
                    statement.execute("SET LOCAL " + setting);
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
            sourceSessions.discard(source);
            targetSessions.discard(target);
        }
    }
}

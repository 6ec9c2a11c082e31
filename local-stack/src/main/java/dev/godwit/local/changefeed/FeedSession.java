package dev.godwit.local.changefeed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Reads the log from a state on and sends it, until it is stopped or something fails. A new session goes on from the state that the last one
 * wrote.
 *
 * <p>The order at a resolved timestamp: Kafka has acknowledged everything before it; the state is written; then the timestamp is sent; then the
 * log is given free. A crash between any two repeats messages with the timestamps that they had, and breaks no promise.
 */
final class FeedSession {
    /** Resolved stays this much behind the clock, so that a commit that is just on its way keeps its own commit time. */
    private static final Duration RESOLVED_LAG = Duration.ofMillis(100);

    private final FeedDatabase database;
    private final FeedSink sink;
    private final Path stateDirectory;
    private final Duration resolvedInterval;
    private final RelationCatalog relations;
    private LogSequenceNumber position;
    private HlcTimestamp clock;
    private FeedTransaction open;
    private long resolvedAtNanos;

    FeedSession(
            FeedDatabase database,
            FeedSink sink,
            Path stateDirectory,
            Duration resolvedInterval,
            String topicPrefix,
            FeedState from) {
        this.database = database;
        this.sink = sink;
        this.stateDirectory = stateDirectory;
        this.resolvedInterval = resolvedInterval;
        this.relations = new RelationCatalog(database.database(), topicPrefix);
        this.position = from.position();
        this.clock = from.clock();
    }

    /**
     * @param stop ends the session between two transactions, with everything sent before it resolved
     * @param crash ends it at once, as a crash would: for tests
     * @param alive called whenever progress was recorded
     */
    void run(CountDownLatch stop, CountDownLatch crash, Runnable alive)
            throws SQLException, IOException, InterruptedException {
        try (Connection connection = openReplication();
                PGReplicationStream stream = startStream(connection)) {
            resolvedAtNanos = System.nanoTime();
            while (true) {
                ByteBuffer message = stream.readPending();
                if (message != null) {
                    handle(LogMessageDecoder.decode(message));
                }
                // In this order: a crash is announced before the stop that comes with it.
                boolean stopping = stop.getCount() == 0;
                if (crash.getCount() == 0) {
                    return;
                }
                if (open == null) {
                    if (stopping || System.nanoTime() - resolvedAtNanos >= resolvedInterval.toNanos()) {
                        resolve(stream, message == null);
                        alive.run();
                    }
                    if (stopping) {
                        return;
                    }
                }
                if (message == null) {
                    stop.await(5, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private Connection openReplication() throws SQLException {
        Properties properties = new Properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        Connection connection = database.database().open(properties);
        // The text forms that ValueJson reads. The driver sets the zone of this JVM when it connects, so this has to
        // come after.
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET DateStyle = 'ISO'");
            statement.execute("SET IntervalStyle = 'postgres'");
            statement.execute("SET bytea_output = 'hex'");
            statement.execute("SET extra_float_digits = 1");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private PGReplicationStream startStream(Connection connection) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(database.name())
                .withStartPosition(position)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", database.name())
                .withStatusInterval(5, TimeUnit.SECONDS)
                // Else the driver confirms on its own what the state does not know.
                .withAutomaticFlush(false)
                .start();
    }

    private void handle(LogMessage message) throws SQLException {
        if (message instanceof LogMessage.Begin begin) {
            open = new FeedTransaction(begin.commitMicros());
        } else if (message instanceof LogMessage.Relation relation) {
            relations.learn(relation);
        } else if (message instanceof LogMessage.Insert insert) {
            open.insert(relations.table(insert.relationId()), insert.row());
        } else if (message instanceof LogMessage.Update update) {
            open.update(relations.table(update.relationId()), update.before(), update.after());
        } else if (message instanceof LogMessage.Delete delete) {
            open.delete(relations.table(delete.relationId()), delete.before());
        } else if (message instanceof LogMessage.Truncate truncate) {
            throw new FeedFailedException(
                    "TRUNCATE of "
                            + truncate.relationIds().stream()
                                    .map(id -> relations.table(id).name())
                                    .toList()
                            + ": a changefeed cannot carry it, and CockroachDB's fails as well; use DELETE, then start a new changefeed");
        } else if (message instanceof LogMessage.Commit commit) {
            clock = clock.next(open.commitNanos());
            sink.send(open.changes(), clock);
            position = commit.endPosition();
            open = null;
        }
    }

    /** @param idle whether all that the server had sent is read */
    private void resolve(PGReplicationStream stream, boolean idle) throws SQLException, IOException {
        sink.flush();
        if (idle) {
            LogSequenceNumber received = stream.getLastReceiveLSN();
            // Between transactions the server names the end of what it has looked through, so that the log before it
            // may go.
            if (received.compareTo(position) > 0) {
                position = received;
            }
            // Whatever commits later gets a later timestamp, by FeedState's rule, even if its own clock says otherwise.
            long now = (System.currentTimeMillis() - RESOLVED_LAG.toMillis()) * 1_000_000;
            if (now > clock.wall()) {
                clock = new HlcTimestamp(now, 0);
            }
        }
        new FeedState(position, clock).write(stateDirectory);
        sink.resolve(clock);
        sink.flush();
        stream.setFlushedLSN(position);
        stream.setAppliedLSN(position);
        stream.forceUpdateStatus();
        resolvedAtNanos = System.nanoTime();
    }
}

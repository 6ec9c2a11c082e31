package dev.godwit.local.changefeed;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for a CockroachDB changefeed where the target is PostgreSQL: sends the committed changes of some tables to Kafka, in the messages
 * that {@code CREATE CHANGEFEED ... WITH updated, diff, key_in_value, resolved, encode_json_value_null_as_object, full_table_name,
 * initial_scan = 'no'} sends.
 *
 * <p>As with the real one: a topic per table; the rows of a transaction share one {@code updated}, and each row is there once; a message may
 * come again, with the {@code updated} that it had; {@code resolved} goes to every partition of every topic and promises that nothing new at
 * or before it follows; TRUNCATE ends the feed. Unlike the real one: {@code updated} grows in commit order, rows of one partition come in
 * that order, and computed columns are not sent, because PostgreSQL does not log them.
 *
 * <p>Lost connections to either side are mended by going on from the last recorded state, for a minute; after that, and for what cannot be
 * mended, {@link #failure()} tells why the feed stands still.
 *
 * <p>Threads: all methods may be called from any thread. The feed runs on a thread of its own.
 */
public final class ChangefeedStandIn implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangefeedStandIn.class);

    /** How often {@code resolved} is sent unless it is said otherwise. */
    public static final Duration RESOLVED_INTERVAL = Duration.ofMillis(200);

    private static final Duration MENDS_WITHIN = Duration.ofMinutes(1);

    private final FeedDatabase database;
    private final String bootstrapServers;
    private final String topicPrefix;
    private final Path stateDirectory;
    private final Duration resolvedInterval;
    private final String position;
    private CountDownLatch stop;
    private CountDownLatch crash;
    private Thread thread;
    private volatile RuntimeException failure;
    private volatile long aliveNanos;

    private ChangefeedStandIn(
            FeedDatabase database,
            String bootstrapServers,
            String topicPrefix,
            Path stateDirectory,
            Duration resolvedInterval,
            FeedState state) {
        this.database = database;
        this.bootstrapServers = bootstrapServers;
        this.topicPrefix = topicPrefix;
        this.stateDirectory = stateDirectory;
        this.resolvedInterval = resolvedInterval;
        this.position = state.clock().toString();
    }

    /** Sends {@code resolved} every {@link #RESOLVED_INTERVAL}. */
    public static ChangefeedStandIn start(
            Database target, String bootstrapServers, List<TableName> tables, String topicPrefix, Path stateDirectory) {
        return start(target, bootstrapServers, tables, topicPrefix, stateDirectory, RESOLVED_INTERVAL);
    }

    /**
     * Starts a feed, or goes on with the one that has this target, prefix and state directory. When a new feed's start returns, everything
     * that commits from then on is in it.
     *
     * @param tables what it watches; it sets them to {@code REPLICA IDENTITY FULL}
     * @param topicPrefix stands before {@code database.schema.table}; topics that do not exist are made with one partition
     * @param stateDirectory must be the same when a feed is started again; holds no rows
     * @throws RefusedException if the tables or the servers do not allow it, or something of another feed is in the way
     */
    public static ChangefeedStandIn start(
            Database target,
            String bootstrapServers,
            List<TableName> tables,
            String topicPrefix,
            Path stateDirectory,
            Duration resolvedInterval) {
        FeedDatabase database = new FeedDatabase(target, tables, topicPrefix);
        try {
            database.check();
            TopicCreation.ensure(bootstrapServers, topics(database, topicPrefix));
            FeedState state = database.prepare(stateDirectory);
            ChangefeedStandIn feed = new ChangefeedStandIn(
                    database, bootstrapServers, topicPrefix, stateDirectory, resolvedInterval, state);
            feed.resume();
            return feed;
        } catch (SQLException e) {
            throw new IllegalStateException("the changefeed of " + target + " could not be made", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Collection<String> topics(FeedDatabase database, String topicPrefix) {
        String name = database.database().url().database();
        return database.tables().stream()
                .map(table -> ChangefeedTopics.topic(topicPrefix, name, table))
                .toList();
    }

    /** Where this start began, as a timestamp of the feed: everything that it sends for the first time has a later {@code updated}. */
    public String position() {
        return position;
    }

    /** Why the feed stands still; empty while it runs or is paused. {@link #resume()} tries again. */
    public Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Stops sending; returns when everything that was sent is resolved, or, if Kafka or the database cannot be reached, will be sent again.
     * The slot stays and keeps the log. Idempotent.
     */
    public synchronized void pause() {
        if (thread != null) {
            stop.countDown();
            end();
        }
    }

    /** Ends as if the process had been killed: nothing more is recorded. */
    synchronized void crash() {
        crash.countDown();
        stop.countDown();
        end();
    }

    private void end() {
        try {
            thread.join();
            thread = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the changefeed was stopping", e);
        }
    }

    /** Goes on where it was paused or has failed. Does nothing if it runs. */
    public synchronized void resume() {
        if (thread != null && thread.isAlive()) {
            return;
        }
        failure = null;
        aliveNanos = System.nanoTime();
        stop = new CountDownLatch(1);
        crash = new CountDownLatch(1);
        CountDownLatch stopThis = stop;
        CountDownLatch crashThis = crash;
        thread = new Thread(() -> run(stopThis, crashThis), "changefeed-stand-in");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(CountDownLatch stopThis, CountDownLatch crashThis) {
        while (stopThis.getCount() > 0) {
            try {
                session(stopThis, crashThis);
            } catch (SQLException | KafkaException e) {
                if (System.nanoTime() - aliveNanos > MENDS_WITHIN.toNanos()) {
                    fail(new FeedFailedException(
                            "the changefeed of " + database.database() + " made no progress for "
                                    + MENDS_WITHIN.toSeconds() + " s: " + e.getMessage(),
                            e));
                    return;
                }
                log.warn("changefeed of {}: {}; going on from the recorded state", database.database(), e.toString());
            } catch (IOException e) {
                fail(new UncheckedIOException("the state of the changefeed cannot be kept in " + stateDirectory, e));
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(new FeedFailedException("interrupted", e));
                return;
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
            awaitRetry(stopThis);
        }
    }

    private void session(CountDownLatch stopThis, CountDownLatch crashThis)
            throws SQLException, IOException, InterruptedException {
        FeedState state = FeedState.read(stateDirectory)
                .orElseThrow(
                        () -> new FeedFailedException("the state of the changefeed is gone from " + stateDirectory));
        try (FeedSink sink = new FeedSink(bootstrapServers, topics(database, topicPrefix))) {
            new FeedSession(database, sink, stateDirectory, resolvedInterval, topicPrefix, state)
                    .run(stopThis, crashThis, () -> aliveNanos = System.nanoTime());
        }
    }

    private void fail(RuntimeException reason) {
        log.error("the changefeed of {} has failed", database.database(), reason);
        failure = reason;
    }

    private static void awaitRetry(CountDownLatch stopThis) {
        try {
            if (stopThis.await(500, TimeUnit.MILLISECONDS)) {
                log.debug("stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Like {@link #pause()}: a later start with the same arguments goes on from there. */
    @Override
    public void close() {
        pause();
    }

    /** Closes the feed for good: removes slot, publication and state. The topics stay. May be called again after a failure. */
    public synchronized void drop() {
        pause();
        try {
            database.drop();
            FeedState.delete(stateDirectory);
        } catch (SQLException e) {
            throw new IllegalStateException("the changefeed of " + database.database() + " could not be dropped", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "changefeed stand-in " + database.name();
    }
}

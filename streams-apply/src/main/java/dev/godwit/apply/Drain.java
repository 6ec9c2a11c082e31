package dev.godwit.apply;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.ledger.DirectionProgress;
import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Proves that everything the replication source has committed is applied: writes a marker row there, after the
 * traffic has stopped, and waits until the ledger of the replication target says that the consistent point of every ordering
 * domain has passed it.
 */
public final class Drain {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final int NAMED_MAX = 5;

    private final Database replicationSource;
    private final Database replicationTarget;
    private final String domain;

    /** @param domain of the direction: all its ordering domains are waited for */
    public Drain(Database replicationSource, Database replicationTarget, String domain) {
        this.replicationSource = replicationSource;
        this.replicationTarget = replicationTarget;
        this.domain = domain;
    }

    /**
     * What was reached.
     *
     * @param consistentPoint the ledger's, at or after the marker
     * @param arrived how long the marker itself took; in mode immediate it may take longer to know that all else has come, too
     * @param deadLetters changes that are not applied, as they stand aside
     */
    public record Drained(String marker, String consistentPoint, Duration elapsed, Duration arrived, int deadLetters) {}

    /**
     * The marker has not come through in time. Nothing is lost: traffic may go on at the replication source, and
     * the drain may be tried again.
     */
    public static final class DrainTimeoutException extends ApplyException {
        private static final long serialVersionUID = 1L;

        DrainTimeoutException(String message) {
            super(message);
        }
    }

    /** Whether the applier is to be asked for a failure while waiting. */
    public interface Watch {
        /** The failure that makes waiting pointless; empty while there is none. */
        Optional<Throwable> failure();

        /**
         * Called while it waits, often.
         *
         * @param committedAt when the source committed the consistent point; null if there is none yet
         */
        default void waiting(String marker, String consistentPoint, Instant committedAt, Duration elapsed) {}
    }

    /**
     * Blocks until drained.
     *
     * @throws DrainTimeoutException after {@code timeMax}, with what it was waiting for
     * @throws ApplyException if the applier has failed, or a database cannot be used
     */
    public Drained run(Duration timeMax, Watch watch) {
        long start = System.nanoTime();
        try (Connection ledger = replicationTarget.open()) {
            DirectionProgress begin = DirectionProgress.read(ledger, domain);
            long marker = writeMarker(begin.latestMarker());
            Duration arrived = null;
            while (true) {
                DirectionProgress now = DirectionProgress.read(ledger, domain);
                Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                if (arrived == null && now.latestMarker() >= marker) {
                    arrived = elapsed;
                }
                if (now.marker() >= marker) {
                    return new Drained(
                            Long.toString(marker),
                            point(now),
                            elapsed,
                            arrived,
                            DeadLetters.open(replicationTarget, domain));
                }
                Optional<Throwable> failure = watch.failure();
                if (failure.isPresent()) {
                    throw new ApplyException(
                            "the applier has failed while draining " + domain + ": "
                                    + failure.get().getMessage(),
                            failure.get());
                }
                if (elapsed.compareTo(timeMax) > 0) {
                    throw new DrainTimeoutException("not drained after " + timeMax.toSeconds() + " s: "
                            + waiting(now, marker) + "; its consistent point is " + point(now)
                            + ", committed at the source at " + now.last().committedAt() + ", and has "
                            + (point(now).equals(point(begin)) ? "not moved" : "moved")
                            + " meanwhile. Nothing is lost: traffic may return to where it was, and the drain may be tried"
                            + " again. See whether connector and applier run, and how far the consistent point is"
                            + " behind");
                }
                watch.waiting(Long.toString(marker), point(now), now.last().committedAt(), elapsed);
                if (Thread.currentThread().isInterrupted()) {
                    throw new ApplyException("interrupted while draining " + domain);
                }
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            }
        } catch (SQLException e) {
            throw new ApplyException("cannot drain " + domain + ": " + e.getMessage(), e);
        }
    }

    /**
     * Markers are numbers that rise with every drain of the domain, and two drains at once wait for each other on the
     * one row: so whoever sees a later marker than its own come through knows that its own has passed too. They are
     * microseconds of the clock, and above whatever has come through before: a marker that the ledger seems to have
     * passed already would prove nothing, also where the source has lost its row or has a slow clock.
     *
     * @param seen the last marker in the ledger
     */
    private long writeMarker(long seen) throws SQLException {
        try (Connection connection = replicationSource.open()) {
            LedgerSchema.create(connection);
            if (replicationSource.product() == Product.MYSQL) {
                return MysqlMarker.write(connection, domain, seen);
            }
            String lowest = "greatest((extract(epoch FROM now()) * 1000000)::INT8, ?::INT8 + 1)";
            try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO _godwit.watermark AS w"
                    + " (domain, marker, written_at) VALUES (?, " + lowest + "::TEXT, now())"
                    + " ON CONFLICT (domain) DO UPDATE SET marker = greatest(w.marker::INT8 + 1, " + lowest
                    + ")::TEXT, written_at = excluded.written_at RETURNING marker")) {
                upsert.setString(1, domain);
                upsert.setLong(2, seen);
                upsert.setLong(3, seen);
                try (ResultSet row = upsert.executeQuery()) {
                    row.next();
                    return Long.parseLong(row.getString(1));
                }
            }
        }
    }

    private String waiting(DirectionProgress now, long marker) {
        List<String> waiting = now.waitingFor(marker);
        String some = waiting.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
        return waiting.equals(List.of(domain))
                ? "domain " + domain + " waits for marker " + marker
                : waiting.size() + " of " + now.domains().size() + " domains of " + domain + " wait for marker "
                        + marker + " (" + some + (waiting.size() > NAMED_MAX ? ", ..." : "") + ")";
    }

    private static String point(DirectionProgress progress) {
        return progress.consistentPoint().map(Position::toString).orElse("not there yet");
    }
}

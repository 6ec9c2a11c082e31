package dev.godwit.apply;

import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Proves that everything the replication source has committed is applied: writes a marker row there, after the
 * traffic has stopped, and waits until the ledger of the replication target says that the consistent point has
 * passed it.
 */
public final class Drain {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Database replicationSource;
    private final Database replicationTarget;
    private final String domain;

    public Drain(Database replicationSource, Database replicationTarget, String domain) {
        this.replicationSource = replicationSource;
        this.replicationTarget = replicationTarget;
        this.domain = domain;
    }

    /**
     * What was reached.
     *
     * @param consistentPoint the ledger's, at or after the marker
     * @param deadLetters changes that are not applied, as they stand aside
     */
    public record Drained(String marker, String consistentPoint, Duration elapsed, int deadLetters) {}

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
            LedgerEntry begin = entry(ledger);
            long marker = writeMarker(begin.marker);
            while (true) {
                LedgerEntry entry = entry(ledger);
                Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                if (entry.marker >= marker) {
                    return new Drained(
                            Long.toString(marker),
                            entry.consistentPoint,
                            elapsed,
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
                    throw new DrainTimeoutException("not drained after " + timeMax.toSeconds() + " s: domain " + domain
                            + " waits for marker " + marker + "; its consistent point is " + entry.consistentPoint
                            + ", committed at the source at " + entry.committedAt + ", and has "
                            + (entry.consistentPoint.equals(begin.consistentPoint) ? "not moved" : "moved")
                            + " meanwhile. Nothing is lost: traffic may return to where it was, and the drain may be tried"
                            + " again. See whether connector and applier run, and how far the consistent point is"
                            + " behind");
                }
                watch.waiting(
                        Long.toString(marker),
                        entry.consistentPoint,
                        entry.committedAt == null ? null : entry.committedAt.toInstant(),
                        elapsed);
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

    /** @param marker -1 if none has come through yet */
    private record LedgerEntry(long marker, String consistentPoint, OffsetDateTime committedAt) {}

    private LedgerEntry entry(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT watermark, consistent_point, committed_at FROM _godwit.domain WHERE domain = ?")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new LedgerEntry(-1, "not there yet", null);
                }
                String marker = row.getString(1);
                String point = row.getString(2);
                return new LedgerEntry(
                        marker == null ? -1 : Long.parseLong(marker),
                        point == null ? "not there yet" : point,
                        row.getObject(3, OffsetDateTime.class));
            }
        } catch (SQLException e) {
            if (Ledger.isNotThereYet(e)) {
                return new LedgerEntry(-1, "not there yet", null);
            }
            throw e;
        }
    }
}

package dev.godwit.phase.log;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One runner at a time per phase: a row that its holder renews, as step 0 of the phase. CockroachDB has no advisory locks.
 *
 * <p>Every record of the {@link StepLog} is written in one transaction with a look at this row, so that a runner that was taken for dead and
 * wakes up again cannot write over what its successor did. Time is the database's time.
 */
final class RunnerLease implements AutoCloseable {
    static final Duration LASTS = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(RunnerLease.class);
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(4);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Database target;
    private final String phase;
    private final RunnerIdentity own = RunnerIdentity.own();
    private final ScheduledExecutorService renewals;
    private Future<?> renewal;

    private RunnerLease(Database target, String phase) {
        this.target = target;
        this.phase = phase;
        this.renewals = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "runner-lease-" + phase);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Takes the lease, if need be after waiting until that of a dead runner has run out.
     *
     * @throws RefusedException if another runner is alive
     */
    static RunnerLease acquire(Database target, String phase) throws SQLException, InterruptedException {
        RunnerLease lease = new RunnerLease(target, phase);
        Optional<Holder> first = Optional.empty();
        while (true) {
            Optional<Holder> holder = LedgerTransaction.run(target, lease::tryAcquire);
            if (holder.isEmpty()) {
                lease.begin();
                return lease;
            }
            Holder seen = holder.get();
            if (first.isEmpty()) {
                LOG.info("phase {} is held by {}; watching whether it is alive", phase, seen.runner);
                first = holder;
            } else if (!seen.equals(first.get())) {
                throw new RefusedException(
                        "another runner works on phase " + phase + ": " + seen.runner,
                        "wait until it has ended, or end it; then try again");
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private void begin() {
        renewal = renewals.scheduleAtFixedRate(
                this::renew, RENEWED_EVERY.toMillis(), RENEWED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Holder(RunnerIdentity runner, Instant until) {}

    /** @return the living holder, or empty if the lease is ours now */
    private Optional<Holder> tryAcquire(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT state, evidence, ended_at, ended_at > now()"
                + " FROM _godwit.phase_step WHERE phase = ? AND step = 0 FOR UPDATE")) {
            select.setString(1, phase);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    write(
                            connection,
                            "INSERT INTO _godwit.phase_step (state, evidence, phase, step, started_at, ended_at)"
                                    + " VALUES ('leased', ?, ?, 0, now(), now() + (? * INTERVAL '1 second'))");
                    return Optional.empty();
                }
                RunnerIdentity runner = RunnerIdentity.of(Evidence.parse(row.getString(2)));
                if (row.getString(1).equals("leased") && row.getBoolean(4) && !runner.isKnownDead()) {
                    return Optional.of(new Holder(runner, row.getTimestamp(3).toInstant()));
                }
            }
        }
        write(
                connection,
                "UPDATE _godwit.phase_step SET state = 'leased', evidence = ?, started_at = now(),"
                        + " ended_at = now() + (? * INTERVAL '1 second') WHERE phase = ? AND step = 0");
        return Optional.empty();
    }

    private void write(Connection connection, String sql) throws SQLException {
        boolean insert = sql.startsWith("INSERT");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, own.toEvidence().toString());
            statement.setString(insert ? 2 : 3, phase);
            statement.setLong(insert ? 3 : 2, LASTS.toSeconds());
            statement.executeUpdate();
        }
    }

    private void renew() {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE _godwit.phase_step SET ended_at = now() + (? * INTERVAL '1 second')"
                                + " WHERE phase = ? AND step = 0 AND state = 'leased' AND evidence = ?")) {
            statement.setLong(1, LASTS.toSeconds());
            statement.setString(2, phase);
            statement.setString(3, own.toEvidence().toString());
            if (statement.executeUpdate() == 0) {
                LOG.warn("phase {} was taken over by another runner", phase);
                renewals.shutdown();
            }
        } catch (SQLException | RuntimeException e) {
            // The next renewal, or the next record, will show whether it is lost.
            LOG.info("the lease of phase {} could not be renewed", phase, e);
        }
    }

    /**
     * Makes the transaction fail if this runner is no longer the one.
     *
     * @throws LeaseLostException if another runner has taken over
     */
    void check(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT evidence FROM _godwit.phase_step"
                + " WHERE phase = ? AND step = 0 AND state = 'leased' FOR UPDATE")) {
            select.setString(1, phase);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()
                        || !RunnerIdentity.of(Evidence.parse(row.getString(1))).equals(own)) {
                    throw new LeaseLostException(phase);
                }
            }
        }
    }

    /** Sets the lease free, so that the next runner need not wait. */
    @Override
    public void close() {
        renewal.cancel(false);
        renewals.shutdownNow();
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE _godwit.phase_step SET state = 'free', ended_at = ? WHERE phase = ? AND step = 0 AND evidence = ?")) {
            statement.setTimestamp(1, Timestamp.from(Instant.EPOCH));
            statement.setString(2, phase);
            statement.setString(3, own.toEvidence().toString());
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.info(
                    "the lease of phase {} could not be set free; it ends by itself in {} s",
                    phase,
                    LASTS.toSeconds(),
                    e);
        }
    }
}

package dev.godwit.verify;

import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Traffic on the source, and what brings it to the target some time later, transaction by transaction and together with the consistent point, as
 * the applier does.
 */
final class TestReplicator implements AutoCloseable {
    static final String DOMAIN = "test-eu-forward";
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

    /** @param sql what the transaction did, to be done again; empty for a heartbeat */
    private record Committed(String sql, String position, long atNanos) {}

    private final BlockingQueue<Committed> log = new LinkedBlockingQueue<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread traffic = new Thread(this::writeToSource, "traffic");
    private final Thread applier = new Thread(this::apply, "applier");
    private final int rows;
    private volatile String losing = "";
    private volatile boolean stopped;

    /** @param rows traffic goes to the rows of {@code s.a} up to this id */
    TestReplicator(int rows) throws SQLException {
        this.rows = rows;
        try (Connection connection = TwoDatabases.target().open()) {
            LedgerSchema.create(connection);
        }
        TwoDatabases.target("DELETE FROM _godwit.domain; INSERT INTO _godwit.domain (domain, epoch, restart_offsets,"
                + " changed_at) VALUES ('" + DOMAIN + "', 1, '{}', now())");
    }

    TestReplicator start() {
        traffic.start();
        applier.start();
        return this;
    }

    /** Like {@link #start()}, but nothing arrives. */
    TestReplicator startTrafficOnly() {
        traffic.start();
        return this;
    }

    /** From now on it loses transactions that contain this SQL. */
    void lose(String sql) {
        losing = sql;
    }

    /** One transaction of the user's, replicated as all others. */
    synchronized void write(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            if (!sql.isEmpty()) {
                statement.execute(sql);
            }
            try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
                row.next();
                log.add(new Committed(sql, row.getString(1), System.nanoTime()));
            }
        }
    }

    private void writeToSource() {
        Random random = new Random(7);
        try (Connection source = TwoDatabases.source().open()) {
            for (int i = 0; !stopped; i++) {
                int id = 1 + random.nextInt(rows);
                switch (random.nextInt(10)) {
                    case 0 -> write(source, "DELETE FROM s.a WHERE id = " + id);
                    case 1, 2 ->
                        write(source, "INSERT INTO s.a VALUES (" + id + ", 'again " + i + "') ON CONFLICT DO NOTHING");
                    // A row that is written to all the time.
                    case 3 -> write(source, "UPDATE s.a SET v = 'hot " + i + "' WHERE id = 1");
                    case 4 -> write(source, "");
                    default -> write(source, "UPDATE s.a SET v = 'changed " + i + "' WHERE id = " + id);
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            failure.compareAndSet(null, stopped ? null : e);
        }
    }

    private void apply() {
        try (Connection target = TwoDatabases.target().open();
                Statement statement = target.createStatement()) {
            target.setAutoCommit(false);
            while (!stopped) {
                Committed next = log.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    long early = next.atNanos + DELAY_NANOS - System.nanoTime();
                    TimeUnit.NANOSECONDS.sleep(Math.max(0, early));
                    if (!next.sql.isEmpty() && (losing.isEmpty() || !next.sql.contains(losing))) {
                        statement.execute(next.sql);
                    }
                    statement.execute("UPDATE _godwit.domain SET consistent_point = '" + next.position
                            + "', committed_at = now() WHERE domain = '" + DOMAIN + "'");
                    target.commit();
                }
            }
        } catch (SQLException | InterruptedException e) {
            failure.compareAndSet(null, stopped ? null : e);
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : new Thread[] {traffic, applier}) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        TwoDatabases.target("DROP SCHEMA _godwit CASCADE");
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }
}

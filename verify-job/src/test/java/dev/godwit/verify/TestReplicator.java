package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
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
    private final Ends ends;
    private final int rows;
    private volatile String losing = "";
    private volatile boolean stopped;

    /**
     * Between what it replicates.
     *
     * @param position where the source's log stands
     */
    record Ends(Database source, String sourceTable, Database target, String targetTable, Position position) {
        static Ends postgres() {
            return new Ends(TwoDatabases.source(), "s.a", TwoDatabases.target(), "s.a", Ends::lsn);
        }

        static Ends fromMysql() {
            return new Ends(
                    MysqlAndPostgres.mysql(), "a", MysqlAndPostgres.postgres(), "public.a", Ends::placeInBinlog);
        }

        static Ends intoCockroach() {
            return new Ends(TwoDatabases.source(), "s.a", CockroachTarget.database(), "s.a", Ends::lsn);
        }

        /** The other way round. */
        Ends turned() {
            return new Ends(
                    /* source= */ target,
                    /* sourceTable= */ targetTable,
                    /* target= */ source,
                    /* targetTable= */ sourceTable,
                    target.product() == Product.COCKROACHDB ? Ends::logicalTime : Ends::lsn);
        }

        private static String logicalTime(Statement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery("SELECT cluster_logical_timestamp()::STRING")) {
                row.next();
                return row.getString(1);
            }
        }

        private static String lsn(Statement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
                row.next();
                return row.getString(1);
            }
        }

        private static String placeInBinlog(Statement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
                row.next();
                return row.getString(1) + ":" + row.getString(2);
            }
        }

        /** As a comparison calls the table. */
        String name() {
            return sourceTable.equals("s.a") ? "s.a" : "public.a";
        }

        void onTarget(String sql) {
            TwoDatabases.execute(target.url(), sql.formatted(targetTable));
        }
    }

    interface Position {
        String now(Statement statement) throws SQLException;
    }

    /** Between two PostgreSQL. */
    TestReplicator(int rows) throws SQLException {
        this(rows, Ends.postgres());
    }

    /** @param rows traffic goes to the rows of the table up to this id; the first is written to all the time, the next ones toggle between two values */
    TestReplicator(int rows, Ends ends) throws SQLException {
        this.rows = rows;
        this.ends = ends;
        try (Connection connection = ends.target.open()) {
            LedgerSchema.create(connection);
        }
        ends.onTarget("DELETE FROM _godwit.domain");
        boolean mysql = ends.target.product() == Product.MYSQL;
        ends.onTarget("INSERT INTO _godwit.domain (domain, " + (mysql ? "" : "epoch, ")
                + "restart_offsets, changed_at) VALUES ('" + DOMAIN + "', " + (mysql ? "" : "1, ") + "'{}', now())");
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

    /** One transaction of the user's, replicated as all others; {@code %s} stands for the table. */
    synchronized void write(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            if (!sql.isEmpty()) {
                statement.execute(sql.formatted(ends.sourceTable));
            }
            log.add(new Committed(sql.formatted(ends.targetTable), ends.position.now(statement), System.nanoTime()));
        }
    }

    private void writeToSource() {
        Random random = new Random(7);
        try (Connection source = ends.source.open()) {
            for (int i = 0; !stopped; i++) {
                int id = 1 + random.nextInt(rows);
                switch (random.nextInt(10)) {
                    case 0 -> write(source, "DELETE FROM %s WHERE id = " + id);
                    case 1, 2 ->
                        write(
                                source,
                                "INSERT INTO %1$s SELECT n.id, 'again " + i + "' FROM (SELECT " + id
                                        + " AS id) n WHERE NOT EXISTS (SELECT 1 FROM %1$s o WHERE o.id = n.id)");
                    case 3 -> write(source, "UPDATE %s SET v = 'hot " + i + "' WHERE id = 1");
                    case 4 ->
                        write(
                                source,
                                "UPDATE %s SET v = CASE v WHEN 'on' THEN 'off' ELSE 'on' END"
                                        + " WHERE id BETWEEN 2 AND 60 AND mod(id, 5) = " + random.nextInt(5));
                    case 5 -> write(source, "");
                    default -> write(source, "UPDATE %s SET v = 'changed " + i + "' WHERE id = " + id);
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            failure.compareAndSet(null, stopped ? null : e);
        }
    }

    private void apply() {
        try (Connection target = ends.target.open();
                Statement statement = target.createStatement()) {
            target.setAutoCommit(false);
            while (!stopped) {
                Committed next = log.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    long early = next.atNanos + DELAY_NANOS - System.nanoTime();
                    TimeUnit.NANOSECONDS.sleep(Math.max(0, early));
                    while (!apply(next, target, statement)) {
                        target.rollback();
                    }
                }
            }
        } catch (SQLException | InterruptedException e) {
            failure.compareAndSet(null, stopped ? null : e);
        }
    }

    /** @return whether it is committed; if not, it has to be done again */
    private boolean apply(Committed next, Connection target, Statement statement) throws SQLException {
        try {
            if (!next.sql.isEmpty() && (losing.isEmpty() || !next.sql.contains(losing))) {
                statement.execute(next.sql);
            }
            statement.execute("UPDATE _godwit.domain SET consistent_point = '" + next.position
                    + "', committed_at = now() WHERE domain = '" + DOMAIN + "'");
            target.commit();
            return true;
        } catch (SQLException e) {
            if ("40001".equals(e.getSQLState())) {
                return false;
            }
            throw e;
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
        ends.onTarget("DROP SCHEMA _godwit" + (ends.target.product() == Product.MYSQL ? "" : " CASCADE"));
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }
}

package dev.godwit.fetch.mysql;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The sessions of one snapshot. One that is lost is gone for good: a new one would see other rows. Thread-safe. */
final class SessionPool implements AutoCloseable {
    private static final int ALIVE_SECONDS = 5;

    private final Dialect dialect;
    private final MysqlSnapshot snapshot;
    private final BlockingQueue<Connection> free;
    private final AtomicInteger alive;

    private SessionPool(Dialect dialect, MysqlSnapshot snapshot) {
        this.dialect = dialect;
        this.snapshot = snapshot;
        this.free = new LinkedBlockingQueue<>(snapshot.connections());
        this.alive = new AtomicInteger(snapshot.connections().size());
    }

    static SessionPool take(Database source, List<TableName> tables, int sessions) throws SQLException {
        return new SessionPool(source.dialect(), MysqlSnapshot.take(source, tables, sessions, 0));
    }

    String gtidSet() {
        return snapshot.gtidSet();
    }

    /** Whether no session is left. */
    boolean isGone() {
        return alive.get() == 0;
    }

    /** What is done with a session. */
    interface Use {
        void with(SnapshotAccess access) throws SQLException;
    }

    /**
     * Waits until a session is free, and leaves out those that were lost meanwhile. It stays in the pool if it still lives afterwards.
     *
     * @throws SQLException with a state of class 08 if none is left
     */
    void use(Use use) throws SQLException {
        Connection session = next();
        boolean good = false;
        try {
            use.with(new DirectAccess(session, dialect));
            good = true;
        } finally {
            if (good || session.isValid(ALIVE_SECONDS)) {
                free.add(session);
            } else {
                lost(session);
            }
        }
    }

    private void lost(Connection session) throws SQLException {
        alive.decrementAndGet();
        session.abort(Runnable::run);
    }

    private Connection next() throws SQLException {
        try {
            while (!isGone()) {
                Connection session = free.poll(1, TimeUnit.SECONDS);
                if (session != null && session.isValid(ALIVE_SECONDS)) {
                    return session;
                }
                if (session != null) {
                    lost(session);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLException("all sessions of the snapshot are lost", "08003");
    }

    @Override
    public void close() throws SQLException {
        snapshot.close();
    }
}

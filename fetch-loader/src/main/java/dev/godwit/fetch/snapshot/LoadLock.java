package dev.godwit.fetch.snapshot;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.session.PinnedSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Says on the source that a load is alive, by advisory locks: one that only one process at a time can have, and one that every connection of the load shares, by which
 * {@link SnapshotHold} sees that somebody still reads.
 */
public final class LoadLock implements AutoCloseable {
    /** The server may take some seconds to see that a killed process is gone. */
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final Connection connection;

    private LoadLock(Connection connection) {
        this.connection = connection;
    }

    /** @throws RefusedException if another process runs this load */
    public static LoadLock take(Database source, String fetchId) throws SQLException {
        return take(source, fetchId, WAIT);
    }

    static LoadLock take(Database source, String fetchId, Duration wait) throws SQLException {
        Connection connection = PinnedSession.open(source);
        try (Statement statement = connection.createStatement()) {
            // A machine that has vanished must not keep the lock for hours.
            statement.execute(
                    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3");
            statement.execute("SELECT pg_advisory_lock_shared(" + key(fetchId) + ")");
            long deadline = System.nanoTime() + wait.toNanos();
            while (!got(statement, "SELECT pg_try_advisory_lock(" + (key(fetchId) + 1) + ")")) {
                if (System.nanoTime() > deadline) {
                    throw new RefusedException(
                            "load " + fetchId + " is being run by another process", "wait for that process, or end it");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
            return new LoadLock(connection);
        } catch (SQLException | RefusedException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean got(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** For {@code pg_advisory_lock_shared}. */
    static long key(String fetchId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("godwit fetch " + fetchId).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() & ~1L;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A condition on {@code pg_locks} that holds while some connection of the load lives. */
    static String alive(String fetchId) {
        long key = key(fetchId);
        return String.format(
                Locale.ROOT,
                "EXISTS (SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database WHERE"
                        + " d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND"
                        + " l.classid::bigint = %d AND l.objid::bigint = %d)",
                key >>> 32,
                key & 0xffffffffL);
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

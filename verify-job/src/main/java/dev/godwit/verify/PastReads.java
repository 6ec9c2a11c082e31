package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * When the rows of a CockroachDB at rest are read: never earlier than the comparison began, and five seconds ago once it has run for so long. Reads of the past push no
 * transaction of an application aside and wait for none ({@code AS OF SYSTEM TIME}), and any replica may answer them; at rest the rows are the same. Each
 * transaction has a time of its own, so a long comparison does not fall out of the window of garbage collection.
 *
 * <p>Thread-safe.
 */
final class PastReads {
    /** Any replica may answer what is older than 4.8 s (follower reads, by the default settings of a cluster). */
    static final Duration BEHIND = Duration.ofSeconds(5);

    /** A node that is further away from the others ends by itself (500 ms by default). */
    private static final Duration CLOCKS_DIFFER_MAX = Duration.ofSeconds(2);

    private final BigDecimal begun;
    private final long begunNanos;
    private final LongSupplier nanoTime;

    /**
     * @param begun the cluster's time, as {@code cluster_logical_timestamp()} has it
     * @param nanoTime as {@link System#nanoTime()}
     */
    PastReads(BigDecimal begun, LongSupplier nanoTime) {
        this.begun = begun;
        this.nanoTime = nanoTime;
        this.begunNanos = nanoTime.getAsLong();
    }

    /** From now on; empty on products that have no such thing. */
    static Optional<PastReads> from(Database database) throws SQLException {
        if (database.product() != Product.COCKROACHDB) {
            return Optional.empty();
        }
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT cluster_logical_timestamp()::STRING")) {
            row.next();
            return Optional.of(new PastReads(new BigDecimal(row.getString(1)), System::nanoTime));
        }
    }

    /** For the transaction that is about to begin. */
    String time() {
        long since = nanoTime.getAsLong() - begunNanos - BEHIND.toNanos();
        return (since <= 0 ? begun : begun.add(BigDecimal.valueOf(since))).toPlainString();
    }

    /** Before the first query of a transaction. Waits for a node whose clock is behind that of the node which was asked for the time, as long as clocks may differ. */
    void use(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + CLOCKS_DIFFER_MAX.toNanos();
        while (true) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION AS OF SYSTEM TIME '" + time() + "'");
                return;
            } catch (SQLException e) {
                boolean behind = String.valueOf(e.getMessage()).contains("timestamp in the future");
                if (!behind || System.nanoTime() > deadline) {
                    throw e;
                }
                connection.rollback();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }
}

package dev.godwit.phase.soak;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Changes pairs on the source, a few in each transaction, in a thread of its own. Sometimes a pair goes and comes back. */
final class PairWriter implements AutoCloseable {
    private static final long PAUSE_MS = 20;

    private final Database source;
    private final Random random;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "soak-pair-writer");
    private final AtomicLong transactions = new AtomicLong();
    private volatile Exception failure;

    private PairWriter(Database source, long seed) {
        this.source = source;
        this.random = new Random(seed);
    }

    static PairWriter start(Database source, long seed) {
        PairWriter writer = new PairWriter(source, seed);
        writer.thread.start();
        return writer;
    }

    private void run() {
        long version = 1;
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!closing.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                version++;
                for (int i = random.nextInt(3); i >= 0; i--) {
                    change(statement, random.nextInt(PairTable.PAIRS), version);
                }
                connection.commit();
                transactions.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void change(Statement statement, int pair, long version) throws SQLException {
        String rows = " WHERE id IN (" + 2 * pair + ", " + (2 * pair + 1) + ")";
        if (random.nextInt(10) == 0) {
            statement.executeUpdate("DELETE FROM " + PairTable.NAME + rows);
            return;
        }
        int found = statement.executeUpdate("UPDATE " + PairTable.NAME + " SET version = " + version
                + ", note = repeat('n', " + random.nextInt(200) + ")" + rows);
        if (found == 0) {
            statement.executeUpdate("INSERT INTO " + PairTable.NAME + " VALUES (" + 2 * pair + ", " + version
                    + ", 'back'), (" + (2 * pair + 1) + ", " + version + ", 'back')");
        }
    }

    long transactions() {
        return transactions.get();
    }

    Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.godwit.phase.demo;

import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Writes into {@code s.item} and {@code s.fresh} all the time; a version of a row of {@code s.fresh} only rises, also when it comes again. */
final class FreshWriter implements AutoCloseable {
    private static final int ROWS = 400;

    private final AtomicLong commits = new AtomicLong();
    private final CompletableFuture<Void> written;
    private volatile boolean stopped;

    private FreshWriter(Database source) {
        this.written = CompletableFuture.runAsync(() -> write(source));
    }

    static FreshWriter start(Database source) {
        return new FreshWriter(source);
    }

    private void write(Database source) {
        Random random = new Random(7);
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int version = 1; !stopped; version++) {
                int item = random.nextInt(ROWS);
                statement.execute("INSERT INTO s.item VALUES (" + item + ", 'v" + version
                        + "') ON CONFLICT (id) DO UPDATE SET note = excluded.note");
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int id = random.nextInt(ROWS);
                    statement.execute(
                            random.nextInt(4) == 0
                                    ? "DELETE FROM s.fresh WHERE id = " + id
                                    : "INSERT INTO s.fresh VALUES (" + id + ", " + item + ", " + (version * 4 - i)
                                            + ") ON CONFLICT (id) DO UPDATE SET item = excluded.item, version = excluded.version");
                }
                connection.commit();
                commits.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitCommits(long more) {
        long enough = commits.get() + more;
        await().atMost(CarriedStack.SOON).until(() -> written.isDone() || commits.get() >= enough);
    }

    /** @throws java.util.concurrent.CompletionException if it could not write */
    void stop() {
        stopped = true;
        written.join();
    }

    @Override
    public void close() {
        stop();
    }
}

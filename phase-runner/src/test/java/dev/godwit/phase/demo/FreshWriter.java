package dev.godwit.phase.demo;

import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes into {@code item} and {@code fresh} all the time; a version of a row of {@code fresh} only rises, also when it comes again. */
final class FreshWriter implements AutoCloseable {
    private static final int ROWS = 400;

    private final AtomicLong commits = new AtomicLong();
    private final CompletableFuture<Void> written;
    private final boolean isMysql;
    private final String schema;
    private volatile boolean stopped;

    private FreshWriter(Database source) {
        this.isMysql = source.product() == Product.MYSQL;
        this.schema = isMysql ? "" : "s.";
        this.written = CompletableFuture.runAsync(() -> write(source));
    }

    static FreshWriter start(Database source) {
        return new FreshWriter(source);
    }

    private String instead(String... columns) {
        return (isMysql ? "AS excluded ON DUPLICATE KEY UPDATE " : "ON CONFLICT (id) DO UPDATE SET ")
                + Stream.of(columns)
                        .map(column -> column + " = excluded." + column)
                        .collect(Collectors.joining(", "));
    }

    private void write(Database source) {
        Random random = new Random(7);
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int version = 1; !stopped; version++) {
                int item = random.nextInt(ROWS);
                statement.execute(
                        "INSERT INTO " + schema + "item VALUES (" + item + ", 'v" + version + "') " + instead("note"));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int id = random.nextInt(ROWS);
                    statement.execute(
                            random.nextInt(4) == 0
                                    ? "DELETE FROM " + schema + "fresh WHERE id = " + id
                                    : "INSERT INTO " + schema + "fresh VALUES (" + id + ", " + item + ", "
                                            + (version * 4 - i) + ") " + instead("item", "version"));
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

package dev.godwit.phase.run;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.phase.TestServer;
import dev.godwit.phase.file.PhaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Two databases with customers and orders of two regions, and a phase file for one of them. Kafka is not there. */
final class TestPhase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String[] TABLES = {
        "CREATE TABLE customers (id BIGINT PRIMARY KEY, region TEXT NOT NULL, name TEXT)",
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, region TEXT NOT NULL, customer BIGINT, total NUMERIC(12,2))"
    };

    final DatabaseUrl source = TestServer.newDatabase();
    final DatabaseUrl target = TestServer.newDatabase();
    private final Path directory;
    private final int number = NUMBER.incrementAndGet();

    TestPhase(Path directory) throws SQLException, IOException {
        this.directory = directory;
        TestServer.execute(source, TABLES);
        TestServer.execute(target, TABLES);
        TestServer.execute(
                source,
                "INSERT INTO customers SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END, 'name ' || i"
                        + " FROM generate_series(1, 200) AS i",
                "INSERT INTO orders SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END, i, i * 1.25"
                        + " FROM generate_series(1, 1000) AS i");
        Files.writeString(directory.resolve("finalize.sql"), """
                CREATE INDEX orders_customer ON orders (customer);
                ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0);
                """);
    }

    String slot() {
        return "godwit_test" + number + "_eu";
    }

    String fullName() {
        return "test" + number + "-eu";
    }

    PhaseFile file() throws IOException {
        return file("region = 'eu'", "external", "");
    }

    PhaseFile file(String filter, String feed, String more) throws IOException {
        Path path = directory.resolve("phase.yaml");
        Files.writeString(
                path, """
                migration: test%d
                phase: eu
                source: {url: "%s"}
                target: {url: "%s"}
                kafka: {bootstrap-servers: "127.0.0.1:1", connect-url: "http://127.0.0.1:1", properties: {default.api.timeout.ms: "1000"}}
                tables:
                  - name: public.customers
                    filter: "%s"
                  - {name: public.orders, filter: "region = 'eu'"}
                finalize: [finalize.sql]
                failback: {changefeed: %s}
                %s
                """.formatted(number, source.withPassword(), target.withPassword(), filter, feed, more));
        return PhaseFile.read(path);
    }

    PhaseRunner runner() throws Exception {
        return runner(PhaseListener.SILENT);
    }

    PhaseRunner runner(PhaseListener listener) throws Exception {
        return PhaseRunner.open(file(), PhaseOptions.defaults().listener(listener));
    }

    static String ask(DatabaseUrl url, String sql) throws SQLException {
        try (Connection connection = TestServer.connect(url).open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    boolean hasLedger(DatabaseUrl url) throws SQLException {
        return ask(url, "SELECT count(*) FROM pg_namespace WHERE nspname = '_godwit'")
                .equals("1");
    }

    boolean hasSlot() throws SQLException {
        return ask(source, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + slot() + "'")
                .equals("1");
    }

    /** The server's slots are few. */
    @Override
    public void close() throws SQLException {
        ask(
                source,
                "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = '"
                        + slot() + "'");
    }
}

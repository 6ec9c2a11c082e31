package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.local.LocalStack;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forward and failback of the same tables at the same time, both under load. Every applied change is counted: one that came
 * back to where it was made would make the counts differ.
 */
@Timeout(900)
class BothDirectionsTest {
    /** A minute: -Dgodwit.echo.seconds=60. */
    private static final int SECONDS = Integer.getInteger("godwit.echo.seconds", 10);

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<TableName> TABLES = List.of(new TableName("s", "parent"), new TableName("s", "child"));
    private static final int ROWS = 300;

    @TempDir
    private Path directory;

    private static LocalStack stack;

    private Database source;
    private Database target;
    private PhaseFile file;

    @BeforeAll
    static void start() {
        stack = LocalStack.start(Target.POSTGRESQL_STAND_IN);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whatOneDirectionHasWrittenNeverComesBackByTheOther() throws Exception {
        writeOnBothSides("marks", "", SECONDS);

        assertThat(onTheWire(LedgerSchema.APPLIED))
                .as("what failback has written comes back into Kafka, with its marks, and is dropped behind it")
                .isPositive();
    }

    @Test
    void withReplicationOriginsItDoesNotEvenReachKafka() throws Exception {
        long onSource =
                writeOnBothSides("origins", ", replication-origin: true", Integer.getInteger("godwit.echo.seconds", 3));

        assertThat(onTheWire(TABLES.get(0)) + onTheWire(TABLES.get(1)))
                .as("changes of the source in Kafka, and made on the source")
                .isEqualTo(onSource);
        assertThat(onTheWire(LedgerSchema.APPLIED))
                .as("marks of failback in Kafka")
                .isZero();
        assertThat(onTheWire(LedgerSchema.WATERMARK))
                .as("drains and heartbeats")
                .isPositive();
        assertThat(
                        Fingerprint.single(
                                target,
                                "SELECT count(*)::text FROM pg_replication_origin WHERE roname LIKE 'godwit:origins:all:forward:%'"))
                .as("forward has them on the target, which is a PostgreSQL, too")
                .isNotEqualTo("0");
    }

    /** @return how many changes were made on the source */
    private long writeOnBothSides(String migration, String apply, int seconds) throws Exception {
        source = Database.connect("source", stack.source().createDatabase(migration));
        target = Database.connect("target", stack.target().createDatabase(migration));
        createTables(source);
        createTables(target);
        file = phaseFile(migration, apply);
        List<TableName> captured = new ArrayList<>(TABLES);
        captured.addAll(LedgerSchema.CAPTURED);
        try (PhaseRunner runner = PhaseRunner.open(file, PhaseOptions.defaults());
                StandInFeed feed = new StandInFeed(
                        stack, target, new PhaseDirection(migration, "all", Direction.FAILBACK), captured)) {
            runner.run(PhaseStep.FORWARD_REPLICATION);
            feed.deploy();
            try (PhaseApplier failback = PhaseApplier.start(file, Direction.FAILBACK)) {
                PhaseApplier.drain(file, Direction.FAILBACK, SOON);

                CompletableFuture<Long> onTarget = CompletableFuture.supplyAsync(() -> write(target, 1, seconds));
                long onSource = write(source, 0, seconds);
                long onTargetToo = onTarget.get();

                // Twice: an echo of an echo would need the second round.
                for (int round = 0; round < 2; round++) {
                    PhaseApplier.drain(file, Direction.FORWARD, SOON);
                    PhaseApplier.drain(file, Direction.FAILBACK, SOON);
                }
                assertThat(failback.failure()).isEmpty();
                assertThat(runner.applierFailure()).isEmpty();
                assertThat(onSource).isGreaterThan(100);
                assertThat(onTargetToo).isGreaterThan(100);
                assertThat(runner.forwardCounts().changes())
                        .as("changes applied on the target, and made on the source")
                        .isEqualTo(onSource);
                assertThat(failback.counts().changes())
                        .as("changes applied on the source, and made on the target")
                        .isEqualTo(onTargetToo);
                for (TableName table : TABLES) {
                    assertThat(rows(source, table)).isEqualTo(rows(target, table));
                }
                return onSource;
            }
        }
    }

    /** How many records the forward connector has sent of a table. Offsets would count the ends of producers' transactions, too. */
    private long onTheWire(TableName table) {
        PhaseDirection forward = new PhaseDirection(file.migration(), file.phase(), Direction.FORWARD);
        TopicPartition partition = new TopicPartition(forward.tableTopic(source, table), 0);
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.kafka().bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long count = 0;
            while (consumer.position(partition) < end) {
                count += consumer.poll(Duration.ofMillis(200)).count();
            }
            return count;
        }
    }

    private static void createTables(Database database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA s");
            statement.execute("CREATE TABLE s.parent (id INT PRIMARY KEY, note TEXT)");
            statement.execute("CREATE TABLE s.child (id INT PRIMARY KEY, parent INT NOT NULL, note TEXT)");
        }
    }

    private PhaseFile phaseFile(String migration, String apply) throws Exception {
        Path path = directory.resolve(migration + ".yaml");
        Files.writeString(path, """
                migration: %s
                phase: all
                source: {url: "%s"}
                target: {url: "%s"}
                kafka: {bootstrap-servers: "%s", connect-url: "%s"}
                tables: [{name: s.parent}, {name: s.child}]
                apply: {run: embedded%s}
                failback: {changefeed: external}
                """.formatted(
                        migration,
                        source.url().withPassword(),
                        target.url().withPassword(),
                        stack.kafka().bootstrapServers(),
                        stack.connect().restUrl(),
                        apply));
        return PhaseFile.read(path);
    }

    /**
     * Each side writes rows of its own (even or odd ids), all the time.
     *
     * @return how many rows it has changed
     */
    private static long write(Database database, int odd, int seconds) {
        Random random = new Random(odd);
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        long changes = 0;
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (System.nanoTime() < until) {
                int id = 2 * random.nextInt(ROWS) + odd;
                changes += statement.executeUpdate("INSERT INTO s.parent VALUES (" + id + ", 'n" + changes
                        + "') ON CONFLICT (id) DO UPDATE SET note = excluded.note");
                int child = 2 * random.nextInt(ROWS) + odd;
                changes += random.nextInt(4) == 0
                        ? statement.executeUpdate("DELETE FROM s.child WHERE id = " + child)
                        : statement.executeUpdate("INSERT INTO s.child VALUES (" + child + ", " + id + ", 'c" + changes
                                + "') ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, note = excluded.note");
                connection.commit();
            }
            return changes;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String rows(Database database, TableName table) throws SQLException {
        return Fingerprint.single(database, "SELECT string_agg(t::text, E'\\n' ORDER BY id) FROM " + table + " AS t");
    }
}

package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchJob;
import dev.godwit.local.LocalStack;
import dev.godwit.local.StackSettings;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.phase.cli.CommandRun;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Real servers for tests of what streams carry, and phases on them. */
final class CarriedStack implements AutoCloseable {
    static final Duration SOON = Duration.ofMinutes(2);
    private static final Pattern CURSOR = Pattern.compile("cdc_cursor (\\S+)");

    private final LocalStack stack;

    /** With PostgreSQL as the source. */
    CarriedStack() {
        this(StackSettings.defaults(Target.POSTGRESQL_STAND_IN));
    }

    private CarriedStack(StackSettings settings) {
        this.stack = LocalStack.start(settings);
    }

    /** Connect is a process of its own, which stores places in orderly stops only: if it is killed, it sends all since then again. */
    static CarriedStack fromMysqlWithForgetfulConnect() {
        Map<String, String> forgetful =
                Map.of("exactly.once.source.support", "disabled", "offset.flush.interval.ms", "3600000");
        return new CarriedStack(
                new StackSettings(Source.MYSQL, Target.POSTGRESQL_STAND_IN, Map.of(), forgetful, Map.of(), Map.of())
                        .inProcesses());
    }

    /** By SIGKILL; it comes up again. */
    void killConnect() {
        stack.connect().kill();
        stack.connect().restart();
    }

    /** A phase with databases of its own. */
    final class Phase {
        final Database source;
        final Database target;
        private final String name;
        private final Path path;

        private Phase(String name, Path directory) {
            this.name = name;
            this.path = directory.resolve(name + ".yaml");
            source = Database.connect("source", stack.source().createDatabase(name));
            target = Database.connect("target", stack.target().createDatabase(name));
        }

        void onBoth(String... statements) throws SQLException {
            execute(source, statements);
            execute(target, statements);
        }

        void onSource(String... statements) throws SQLException {
            execute(source, statements);
        }

        void onTarget(String... statements) throws SQLException {
            execute(target, statements);
        }

        /**
         * @param tables entries of the phase file
         * @param more further keys of {@code apply}
         */
        PhaseFile file(String tables, String more) throws Exception {
            Files.writeString(path, """
                    migration: carried
                    phase: %s
                    source: {url: "%s"}
                    target: {url: "%s"}
                    kafka: {bootstrap-servers: "%s", connect-url: "%s"}
                    tables: [%s]
                    apply: {run: embedded%s}
                    failback: {changefeed: external}
                    """.formatted(
                            name,
                            source.url().withPassword(),
                            target.url().withPassword(),
                            stack.kafka().bootstrapServers(),
                            stack.connect().restUrl(),
                            tables,
                            more));
            return PhaseFile.read(path);
        }

        /** Loads and replicates what is not yet; the applier lives until the caller closes the runner. */
        PhaseRunner replicate(PhaseFile file) throws Exception {
            PhaseRunner runner = PhaseRunner.open(file, PhaseOptions.defaults());
            try {
                runner.run(PhaseStep.FORWARD_REPLICATION);
                return runner;
            } catch (Exception e) {
                runner.close();
                throw e;
            }
        }

        /** A process of its own, with so much heap. */
        ApplierChild applier(String heap) throws IOException {
            return ApplierChild.start(path, heap);
        }

        /** By the command line. */
        void addTables(List<TableName> tables) {
            run(
                    "connectors",
                    "deploy",
                    "--add-tables",
                    "--migration=carried",
                    "--phase=" + name,
                    "--tables=" + tables.stream().map(TableName::toString).collect(Collectors.joining(",")),
                    "--source=" + source.url().withPassword(),
                    "--bootstrap-servers=" + stack.kafka().bootstrapServers(),
                    "--connect-url=" + stack.connect().restUrl());
        }

        /**
         * By the command line, with a slot and a publication of its own, which are dropped afterwards; MySQL has none.
         *
         * @return the checkpoint
         */
        String load(TableName table) {
            String output = run(
                    "fetch",
                    "--schema-filter=" + table.schema(),
                    "--table-filter=" + table.name(),
                    "--pglogical-replication-slot-name=added",
                    "--pglogical-publication-name=added",
                    "--source=" + source.url().withPassword(),
                    "--target=" + target.url().withPassword());
            FetchJob.dropLeftovers(source, "added", "added");
            Matcher cursor = CURSOR.matcher(output);
            assertThat(cursor.find()).as(output).isTrue();
            return cursor.group(1);
        }

        private String run(String... arguments) {
            CommandRun run = CommandRun.of(arguments);
            assertThat(run.exitCode()).as(run.output()).isZero();
            return run.output();
        }

        void drain(PhaseFile file, Duration timeMax) {
            PhaseApplier.drain(file, Direction.FORWARD, timeMax);
        }

        /** Waits until the applier has stopped by itself, and tells why. */
        String failure(PhaseRunner runner) {
            return await().atMost(SOON)
                    .until(runner::applierFailure, Optional::isPresent)
                    .orElseThrow()
                    .getMessage();
        }

        /** How many messages of the topic of a table hold this text now. */
        long messages(String table, String text) {
            String topic = new PhaseDirection("carried", name, Direction.FORWARD)
                    .tableTopic(source, new TableName("public", table));
            TopicPartition partition = new TopicPartition(topic, 0);
            long count = 0;
            try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(200))) {
                        count += message.value().contains(text) ? 1 : 0;
                    }
                }
            }
            return count;
        }

        String askSource(String query) throws SQLException {
            return Fingerprint.single(source, query);
        }

        String askTarget(String query) throws SQLException {
            return Fingerprint.single(target, query);
        }
    }

    Phase phase(String name, Path directory) {
        return new Phase(name, directory);
    }

    static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}

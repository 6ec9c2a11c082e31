package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.apply.ApplyMode;
import dev.godwit.connectors.Direction;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.local.LocalStack;
import dev.godwit.local.MysqlServer;
import dev.godwit.local.StackSettings;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.phase.cli.CommandRun;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.verify.VerifyCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The modes beside consistent, on real Debezium in a real Connect, there and back. */
@Timeout(900)
class ModesEndToEndTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int PARTITIONS = 3;
    /** Connected by a foreign key are two of the three tables. */
    private static final int GROUPS = 2;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Source.class)
    void groupsOfTablesAndSinglePartitionsMoveThereAndBackThroughARestartOfConnect(Source kind) throws Exception {
        assumeTrue(kind != Source.MYSQL
                || MysqlServer.whyNot().isEmpty()
                || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        StackSettings settings =
                new StackSettings(kind, Target.POSTGRESQL_STAND_IN, Map.of(), Map.of(), Map.of(), Map.of());
        try (LocalStack stack = LocalStack.start(settings)) {
            moveThereAndBack(stack, kind, ApplyMode.GROUPED, GROUPS);
            moveThereAndBack(stack, kind, ApplyMode.IMMEDIATE, PARTITIONS);
        }
    }

    private void moveThereAndBack(LocalStack stack, Source kind, ApplyMode mode, int domains) throws Exception {
        String name = mode.label();
        DatabaseUrl url = stack.source().createDatabase(name);
        // A database of MySQL has no schemas: its tables are in one of its name on the other side.
        Database source = Database.connect(
                "source",
                kind == Source.MYSQL ? DatabaseUrl.parse("source", url.withPassword() + "?schema=" + name) : url);
        Database target = Database.connect("target", stack.target().createDatabase(name));
        createTables(source, name);
        createTables(target, name);
        write(source, name, 1, 200);
        PhaseFile file = phaseFile(stack, source, target, name, mode);
        List<StandInFeed> feeds = new ArrayList<>();
        PhaseOptions options = PhaseOptions.defaults().actions(action -> true).feed((database, phase, tables) -> {
            feeds.add(new StandInFeed(stack, database, phase, tables));
            return feeds.get(feeds.size() - 1);
        });
        try (PhaseRunner runner = PhaseRunner.open(file, options)) {
            runner.run(PhaseStep.FORWARD_REPLICATION);
            if (mode == ApplyMode.GROUPED) {
                assertThatRowsCameThroughFiles(runner, target);
            }
            write(source, name, 2, 400);
            stack.connect().restart();
            write(source, name, 3, 400);
            assertThat(verifyLive(source, target, name))
                    .as("what differs while it is on its way is no difference")
                    .isZero();
            PhaseApplier.drain(file, Direction.FORWARD, SOON);
            assertThat(rows(target, name)).isEqualTo(rows(source, name));
            assertThat(runner.applierFailure()).isEmpty();
            assertThat(PhaseApplier.status(file, Direction.FORWARD).domains()).hasSize(domains);
            assertThat(runner.forwardCounts().changes()).isGreaterThan(500);
            deadLetters(file, source, target, mode);
            ApplyMode other = mode == ApplyMode.IMMEDIATE ? ApplyMode.GROUPED : ApplyMode.IMMEDIATE;
            assertThatThrownBy(
                            () -> PhaseApplier.start(phaseFile(stack, source, target, name, other), Direction.FORWARD))
                    .isInstanceOf(RefusedException.class);

            runner.run(PhaseStep.CUT_OVER);
            write(target, name, 4, 400);
            PhaseApplier.drain(file, Direction.FAILBACK, SOON);
            assertThat(rows(target, name)).isEqualTo(rows(source, name));
            assertThat(PhaseApplier.status(file, Direction.FAILBACK).domains()).hasSize(domains);
            assertThat(runner.applierFailure()).isEmpty();
        } finally {
            feeds.forEach(StandInFeed::close);
        }
    }

    private void assertThatRowsCameThroughFiles(PhaseRunner runner, Database target) throws Exception {
        assertThat(runner.records().get(PhaseStep.BULK_LOAD).evidence().number("rows"))
                .isPositive();
        assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).evidence().text("compared_with"))
                .hasValueSatisfying(with -> assertThat(with).contains("snapshot"));
        assertThat(Fingerprint.single(target, "SELECT state FROM _godwit.fetch WHERE way LIKE '%/rows'"))
                .isEqualTo("complete");
        assertThat(Fingerprint.single(target, "SELECT count(*) FROM _godwit.fetch_file WHERE state <> 'imported'"))
                .isEqualTo("0");
        try (Stream<Path> left = Files.walk(directory.resolve("rows"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static int verifyLive(Database source, Database target, String schema) {
        return new CommandLine(new VerifyCommand())
                .execute(
                        "--live",
                        "--schema-filter=" + schema,
                        "--source=" + source.url().withPassword(),
                        "--target=" + target.url().withPassword());
    }

    /** What the target does not take stands aside in its group; mode immediate does not start with that. */
    private static void deadLetters(PhaseFile file, Database source, Database target, ApplyMode mode)
            throws SQLException {
        String[] list = {"apply", "dead-letters", "list", "--phase", file.path().toString()};
        String[] replay = {
            "apply",
            "dead-letters",
            "replay",
            "--execute",
            "--phase",
            file.path().toString()
        };
        assertThat(CommandRun.of(list)).isEqualTo(new CommandRun(0, "0 dead letters\n"));
        if (mode == ApplyMode.IMMEDIATE) {
            assertThat(CommandRun.of(replay).output()).contains("0 changes replayed, 0 stand aside");
            return;
        }
        String schema = mode.label();
        CarriedStack.execute(
                target, "ALTER TABLE " + schema + ".alone ADD CONSTRAINT good CHECK (note NOT LIKE 'bad%')");
        CarriedStack.execute(
                source, "INSERT INTO " + schema + ".alone (id, note) VALUES (5000, 'bad'), (5001, 'good')");
        await().atMost(SOON).until(() -> CommandRun.of(list).output().contains("2 dead letters"));
        assertThat(CommandRun.of(list).output())
                .contains(schema + ".alone key (5000)")
                .contains("bad_row")
                .contains(schema + ".alone key (5001)")
                .contains("same_transaction");
        assertThat(CommandRun.of(replay).exitCode())
                .as("the target takes it as little as before")
                .isEqualTo(1);
        CarriedStack.execute(target, "ALTER TABLE " + schema + ".alone DROP CONSTRAINT good");

        assertThat(CommandRun.of(replay))
                .extracting(CommandRun::exitCode, run -> run.output().contains("2 changes replayed, 0 stand aside"))
                .containsExactly(0, true);
        assertThat(CommandRun.of(list).output()).contains("0 dead letters");
        assertThat(rows(target, schema)).isEqualTo(rows(source, schema));
    }

    /** Of all tables. */
    private static List<String> rows(Database database, String schema) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "SELECT id, note, 'parent' FROM " + schema + ".parent ORDER BY id",
                    "SELECT id, note, parent FROM " + schema + ".child ORDER BY id",
                    "SELECT id, label, twice FROM " + schema + ".alone ORDER BY id")) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    while (row.next()) {
                        rows.add(row.getInt(1) + " " + row.getString(2) + " " + row.getString(3));
                    }
                }
            }
        }
        return rows;
    }

    private static void createTables(Database database, String schema) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            if (database.product() != Product.MYSQL) {
                statement.execute("CREATE SCHEMA " + schema);
            }
            statement.execute("CREATE TABLE " + schema + ".parent (id INT PRIMARY KEY, note VARCHAR(20))");
            statement.execute("CREATE TABLE " + schema + ".child (id INT PRIMARY KEY, parent INT NOT NULL,"
                    + " note VARCHAR(20), FOREIGN KEY (parent) REFERENCES " + schema + ".parent (id))");
            // As tables of MySQL are made on the target: what is computed when it is read is kept there.
            String computed = database.product() == Product.MYSQL
                    ? "label VARCHAR(40) AS (CONCAT('<', note, '>')) VIRTUAL, twice BIGINT AS (id * 2) STORED"
                    : "label VARCHAR(40) GENERATED ALWAYS AS ('<' || note || '>') STORED, twice BIGINT GENERATED ALWAYS AS"
                            + " (CAST((CAST(id AS DECIMAL) * 2) AS INT8)) STORED";
            statement.execute("CREATE TABLE " + schema + ".alone (id INT PRIMARY KEY, note VARCHAR(20) UNIQUE, "
                    + computed + ")");
        }
    }

    private PhaseFile phaseFile(LocalStack stack, Database source, Database target, String name, ApplyMode mode)
            throws Exception {
        Path path = directory.resolve(name + ".yaml");
        Files.writeString(path, """
                migration: %1$s
                phase: all
                source: {url: "%2$s"}
                target: {url: "%3$s"}
                kafka: {bootstrap-servers: "%4$s", connect-url: "%5$s"}
                tables: [{name: %1$s.parent}, {name: %1$s.child}, {name: %1$s.alone}]
                apply: {mode: %6$s%7$s}
                fetch: {%8$s}
                failback: {changefeed: external}
                """.formatted(
                        name,
                        source.url().withPassword(),
                        target.url().withPassword(),
                        stack.kafka().bootstrapServers(),
                        stack.connect().restUrl(),
                        mode.label(),
                        mode == ApplyMode.IMMEDIATE ? ", partitions: " + PARTITIONS : ", bad-rows: dead-letter",
                        mode == ApplyMode.IMMEDIATE
                                ? "concurrency: 2"
                                : "files: {local-path: rows, compression: gzip, cleanup: true}"));
        return PhaseFile.read(path);
    }

    /** Transactions over all tables: families come, move and go, and keys and unique values are passed on. */
    private static void write(Database database, String schema, int seed, int transactions) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                int parent = random.nextInt(40);
                int child = random.nextInt(120);
                String note = "'" + seed + "\t\"" + i + ",\n'";
                put(statement, schema + ".parent", "note = " + note, parent + ", " + note, "id, note");
                put(
                        statement,
                        schema + ".child",
                        "parent = " + parent + ", note = " + note,
                        child + ", " + parent + ", " + note,
                        "id, parent, note");
                put(statement, schema + ".alone", "note = " + note, child + ", " + note, "id, note");
                if (i % 5 == 0) {
                    int gone = random.nextInt(40);
                    statement.execute("DELETE FROM " + schema + ".child WHERE parent = " + gone);
                    statement.execute("DELETE FROM " + schema + ".parent WHERE id = " + gone);
                    statement.execute("DELETE FROM " + schema + ".alone WHERE id = " + (gone + 1000));
                    statement.execute("UPDATE " + schema + ".alone SET id = " + (gone + 1000) + " WHERE id = " + gone);
                }
                connection.commit();
            }
        }
    }

    private static void put(Statement statement, String table, String change, String values, String columns)
            throws SQLException {
        String id = values.substring(0, values.indexOf(','));
        if (statement.executeUpdate("UPDATE " + table + " SET " + change + " WHERE id = " + id) == 0) {
            statement.execute("INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")");
        }
    }
}

package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.connectors.Direction;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.LocalStack;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.verify.VerifyCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The modes beside consistent, on real Debezium in a real Connect, there and back. */
@Timeout(300)
class ModesEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<TableName> TABLES =
            List.of(new TableName("s", "parent"), new TableName("s", "child"), new TableName("s", "alone"));

    @TempDir
    private Path directory;

    @Test
    void groupedMovesEachGroupOfTablesByItself() throws Exception {
        try (LocalStack stack = LocalStack.start(Target.POSTGRESQL_STAND_IN)) {
            moveThereAndBack(stack, "grouped", "{mode: grouped}", 2);
        }
    }

    @Test
    void immediateMovesRowsBySeveralPartitionsThroughARestartOfConnect() throws Exception {
        try (LocalStack stack = LocalStack.start(Target.POSTGRESQL_STAND_IN)) {
            moveThereAndBack(stack, "immediate", "{mode: immediate, partitions: 3}", 3);
        }
    }

    private void moveThereAndBack(LocalStack stack, String name, String apply, int domains) throws Exception {
        Database source = Database.connect("source", stack.source().createDatabase(name));
        Database target = Database.connect("target", stack.target().createDatabase(name));
        createTables(source);
        createTables(target);
        write(source, 1, 200);
        PhaseFile file = phaseFile(stack, source, target, name, apply);
        List<StandInFeed> feeds = new ArrayList<>();
        PhaseOptions options = PhaseOptions.defaults().actions(action -> true).feed((database, phase, tables) -> {
            feeds.add(new StandInFeed(stack, database, phase, tables));
            return feeds.get(feeds.size() - 1);
        });
        try (PhaseRunner runner = PhaseRunner.open(file, options)) {
            runner.run(PhaseStep.FORWARD_REPLICATION);
            write(source, 2, 400);
            stack.connect().restart();
            write(source, 3, 400);
            assertThat(verifyLive(source, target))
                    .as("what differs while it is on its way is no difference")
                    .isZero();
            PhaseApplier.drain(file, Direction.FORWARD, SOON);
            assertEqual(source, target);
            assertThat(runner.applierFailure()).isEmpty();
            assertThat(PhaseApplier.status(file, Direction.FORWARD).domains()).hasSize(domains);
            assertThat(runner.forwardCounts().changes()).isGreaterThan(500);
            String other = name.equals("immediate") ? "{mode: grouped}" : "{mode: immediate}";
            assertThatThrownBy(
                            () -> PhaseApplier.start(phaseFile(stack, source, target, name, other), Direction.FORWARD))
                    .isInstanceOf(RefusedException.class);

            runner.run(PhaseStep.CUT_OVER);
            write(target, 4, 400);
            PhaseApplier.drain(file, Direction.FAILBACK, SOON);
            assertEqual(source, target);
            assertThat(PhaseApplier.status(file, Direction.FAILBACK).domains()).hasSize(domains);
            assertThat(runner.applierFailure()).isEmpty();
        } finally {
            feeds.forEach(StandInFeed::close);
        }
    }

    private static int verifyLive(Database source, Database target) {
        return new CommandLine(new VerifyCommand())
                .execute(
                        "--live",
                        "--schema-filter=s",
                        "--source=" + source.url().withPassword(),
                        "--target=" + target.url().withPassword());
    }

    private static void assertEqual(Database source, Database target) throws SQLException {
        for (TableName table : TABLES) {
            String sql = "SELECT count(*) || string_agg(t::text, E'\\n' ORDER BY id) FROM " + table + " AS t";
            assertThat(Fingerprint.single(target, sql)).isEqualTo(Fingerprint.single(source, sql));
        }
    }

    private static void createTables(Database database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA s");
            statement.execute("CREATE TABLE s.parent (id INT PRIMARY KEY, note TEXT)");
            statement.execute("CREATE TABLE s.child (id INT PRIMARY KEY, parent INT NOT NULL REFERENCES s.parent (id),"
                    + " note TEXT)");
            statement.execute("CREATE TABLE s.alone (id INT PRIMARY KEY, note TEXT UNIQUE)");
        }
    }

    private PhaseFile phaseFile(LocalStack stack, Database source, Database target, String name, String apply)
            throws Exception {
        Path path = directory.resolve(name + ".yaml");
        Files.writeString(path, """
                migration: %s
                phase: all
                source: {url: "%s"}
                target: {url: "%s"}
                kafka: {bootstrap-servers: "%s", connect-url: "%s"}
                tables: [{name: s.parent}, {name: s.child}, {name: s.alone}]
                apply: %s
                failback: {changefeed: external}
                """.formatted(
                        name,
                        source.url().withPassword(),
                        target.url().withPassword(),
                        stack.kafka().bootstrapServers(),
                        stack.connect().restUrl(),
                        apply));
        return PhaseFile.read(path);
    }

    /** Transactions over all tables: families come, move and go, and keys and unique values are passed on. */
    private static void write(Database database, int seed, int transactions) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                int parent = random.nextInt(40);
                int child = random.nextInt(120);
                String note = "'" + seed + "-" + i + "'";
                statement.execute("INSERT INTO s.parent VALUES (" + parent + ", " + note
                        + ") ON CONFLICT (id) DO UPDATE SET note = excluded.note");
                statement.execute("INSERT INTO s.child VALUES (" + child + ", " + parent + ", " + note
                        + ") ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, note = excluded.note");
                statement.execute("INSERT INTO s.alone VALUES (" + child + ", " + note
                        + ") ON CONFLICT (id) DO UPDATE SET note = excluded.note");
                if (i % 5 == 0) {
                    int gone = random.nextInt(40);
                    statement.execute("DELETE FROM s.child WHERE parent = " + gone);
                    statement.execute("DELETE FROM s.parent WHERE id = " + gone);
                    statement.execute("UPDATE s.alone SET id = id + 1000 WHERE id = " + gone
                            + " AND NOT EXISTS (SELECT 1 FROM s.alone WHERE id = " + (gone + 1000) + ")");
                }
                connection.commit();
            }
        }
    }
}

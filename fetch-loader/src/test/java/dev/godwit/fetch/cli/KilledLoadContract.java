package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.Contents;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real processes, killed by {@code kill -9} at random moments, and carried on by others. The source is written to meanwhile. */
abstract class KilledLoadContract {
    private static final long SEED = Long.getLong("godwit.seed", 20_261_128L);
    private static final int KILLS = Integer.getInteger("godwit.kills", 3);
    private static final int UP_TO_MS = 500;
    private static final Pattern FETCH_ID = Pattern.compile("fetch id (\\S+)");
    static final TableName[] TABLES = {LoadEnvironment.table("parent"), LoadEnvironment.table("child")};

    @TempDir
    Path directory;

    private final List<String> story = new ArrayList<>();
    private final Random random = new Random(SEED);
    TestDatabases databases;

    abstract LoadEnvironment environment();

    /** Without a primary key nothing but the ledger keeps rows from coming twice. */
    final void createTables(TestDatabases empty) throws SQLException {
        databases = empty;
        databases.onTarget(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE child (id bigint NOT NULL, parent int REFERENCES parent, body text)");
        databases.onSource(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE child (id bigint PRIMARY KEY, parent int, body text)",
                "INSERT INTO parent " + environment().rows(10_000) + "i, concat('parent ', i) FROM n",
                "INSERT INTO child " + environment().rows(60_000)
                        + "i, i % 10000 + 1, repeat(md5(concat(i, '')), 5) FROM n");
        environment().analyze(databases, "parent", "child");
    }

    final Process start(List<String> options, Optional<String> fetchId, Path output) throws IOException {
        return start(List.of(), options, fetchId, output);
    }

    /** @param shell what comes before the command */
    final Process start(List<String> shell, List<String> options, Optional<String> fetchId, Path output)
            throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                KilledLoadContract.class.getName(),
                "--skip-pk-check",
                "--pglogical-replication-slot-name=" + databases.slot,
                "--table-concurrency=2",
                "--export-concurrency=2",
                "--row-batch-size=1500"));
        command.addAll(options);
        command.addAll(environment().always());
        fetchId.ifPresent(id -> command.add("--fetch-id=" + id));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("GODWIT_SOURCE", databases.source.url().withPassword());
        builder.environment().put("GODWIT_TARGET", databases.target.url().withPassword());
        return builder.start();
    }

    static Optional<String> fetchId(Path output) {
        try {
            Matcher id = FETCH_ID.matcher(Files.readString(output));
            return id.find() ? Optional.of(id.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void killAndCarryOn(String... options) throws Exception {
        createTables(environment().create());
        String expected = Contents.of(databases.source, TABLES);
        Path output = Files.createFile(directory.resolve("0.out"));
        Process process = start(List.of(options), Optional.empty(), output);
        Optional<String> id;
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> fetchId(output).isPresent() || !process.isAlive());
            id = fetchId(output);
            assertThat(id).as(() -> read(output)).isPresent();
            databases.onSource(
                    "UPDATE child SET body = 'changed after the snapshot' WHERE id % 3 = 0",
                    "DELETE FROM child WHERE id % 3 = 1", "INSERT INTO parent VALUES (30001, 'new')");
            killAfter(random.nextInt(UP_TO_MS), process);
        } finally {
            process.destroyForcibly().waitFor();
        }
        story.add("run 1 " + progress());
        boolean finished = process.exitValue() == 0;
        for (int kill = 1; !finished; kill++) {
            Path next = Files.createFile(directory.resolve(kill + ".out"));
            Process again = start(List.of(options), id, next);
            try {
                if (kill < KILLS) {
                    // Half of them before anything moves again.
                    boolean early = random.nextBoolean();
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> early || fetchId(next).isPresent() || !again.isAlive());
                    killAfter(random.nextInt(early ? 3 * UP_TO_MS : UP_TO_MS), again);
                }
                assertThat(again.waitFor(4, TimeUnit.MINUTES)).as(this::told).isTrue();
                // Killed between the last word of the ledger and the end of the process.
                finished = again.exitValue() == 0 || read(next).contains("load " + id.orElseThrow() + " is complete");
                assertThat(finished || kill < KILLS)
                        .as(() -> told() + read(next))
                        .isTrue();
                story.add("run " + (kill + 1) + (finished ? " finished, " : " killed, ") + progress());
                assertThat(finished || again.exitValue() == 137)
                        .as(() -> told() + read(next))
                        .isTrue();
            } finally {
                again.destroyForcibly().waitFor();
            }
        }
        assertThat(Contents.of(databases.target, TABLES)).as(this::told).isEqualTo(expected);
        assertThat(one(databases.target, "SELECT state FROM _godwit.fetch")).isEqualTo("complete");
        assertThat(databases.captures()).as(this::told).hasSize(environment().captures());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> environment().keepers(databases).isEmpty());
    }

    private void killAfter(int millis, Process process) throws InterruptedException {
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
        story.add("after " + millis + " ms");
    }

    private String progress() throws SQLException {
        return one(
                databases.target,
                "SELECT count(*) FILTER (WHERE state = 'done') || ' of ' || count(*) || ' shards, files '"
                        + " || (SELECT count(*) FILTER (WHERE state = 'imported') || ' of ' || count(*) FROM"
                        + " _godwit.fetch_file) FROM _godwit.fetch_shard");
    }

    private String told() {
        return "seed " + SEED + ": " + story;
    }

    static String read(Path output) {
        try {
            return "\n" + Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aDirectLoadIsCarriedOnFromTheSameSnapshotWithoutARowTwice() throws Exception {
        killAndCarryOn();
    }

    @Test
    void aLoadThroughFilesIsCarriedOnFromTheSameSnapshotWithoutARowTwice() throws Exception {
        killAndCarryOn("--local-path=" + directory.resolve("files"), "--flush-rows=1000");
    }

    @Test
    void aDirectLoadThatLosesItsTargetIsCarriedOnFromTheSameSnapshot() throws Exception {
        loseTheTargetAndCarryOn();
    }

    final void loseTheTargetAndCarryOn(String... options) throws Exception {
        try (PostgresServer server = PostgresServer.start("lost-target")) {
            createTables(environment().create().into(Database.connect("target", server.createDatabase("target"))));
            String expected = Contents.of(databases.source, TABLES);
            // It cannot be complete before the server dies, whoever is slow: one row waits for a lock.
            databases.onTarget(
                    "CREATE FUNCTION wait_for_the_end() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$",
                    "CREATE TRIGGER waits BEFORE INSERT ON child FOR EACH ROW WHEN (NEW.id = 60000)"
                            + " EXECUTE FUNCTION wait_for_the_end()");
            Path output = Files.createFile(directory.resolve("lost.out"));
            int exit;
            try (Connection holder = databases.target.open();
                    Statement lock = holder.createStatement()) {
                lock.execute("SELECT pg_advisory_lock(1)");
                exit = loseTheTarget(server, List.of(options), output);
            }
            assertThat(exit).as(() -> read(output)).isEqualTo(1);
            assertThat(read(output)).contains("--fetch-id");
            server.restart();
            databases.onSource(
                    "UPDATE child SET body = 'changed after the snapshot'", "DELETE FROM child WHERE id % 3 = 1");

            Path next = Files.createFile(directory.resolve("next.out"));
            Process again = start(List.of(options), fetchId(output), next);
            assertThat(again.waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(again.exitValue()).as(() -> read(next)).isZero();
            assertThat(Contents.of(databases.target, TABLES)).isEqualTo(expected);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> environment().keepers(databases).isEmpty());
        }
    }

    /** In the middle of the load. */
    private int loseTheTarget(PostgresServer server, List<String> options, Path output) throws Exception {
        Process losing = start(options, Optional.empty(), output);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !losing.isAlive() || (fetchId(output).isPresent() && shardsDone() > 0));
            server.kill();
            assertThat(losing.waitFor(4, TimeUnit.MINUTES)).isTrue();
            return losing.exitValue();
        } finally {
            losing.destroyForcibly().waitFor();
        }
    }

    private int shardsDone() {
        try {
            return Integer.parseInt(
                    one(databases.target, "SELECT count(*) FROM _godwit.fetch_shard WHERE state = 'done'"));
        } catch (SQLException e) {
            return 0; // the ledger is not there yet
        }
    }

    /** The processes that are killed. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FetchCommand())
                .setExecutionExceptionHandler((failure, command, result) -> {
                    failure.printStackTrace();
                    return 2;
                })
                .execute(arguments));
    }
}

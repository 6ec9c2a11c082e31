package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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
class KilledLoadTest {
    private static final long SEED = Long.getLong("godwit.seed", 20_261_128L);
    private static final int KILLS = Integer.getInteger("godwit.kills", 4);
    private static final int UP_TO_MS = 500;
    private static final Pattern FETCH_ID = Pattern.compile("fetch id (\\S+)");
    private static final String SUMS =
            "SELECT (SELECT count(*) || ' ' || sum(hashtextextended(p::text, 0)::numeric) FROM"
                    + " parent p), (SELECT count(*) || ' ' || sum(hashtextextended(c::text, 0)::numeric) FROM child c)";

    @TempDir
    Path directory;

    private final List<String> story = new ArrayList<>();
    private final Random random = new Random(SEED);
    private TestDatabases databases;

    /** Without a primary key nothing but the ledger keeps rows from coming twice. */
    private void createTables() throws SQLException {
        databases = TestDatabases.with(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE child (id bigint, parent int REFERENCES parent, body text)");
        databases.onSource(
                "ALTER TABLE child ADD PRIMARY KEY (id)",
                "INSERT INTO parent SELECT i, 'parent ' || i FROM generate_series(1, 20000) i",
                "INSERT INTO child SELECT i, i % 20000 + 1, repeat(md5(i::text), 5) FROM generate_series(1, 120000) i",
                "ANALYZE");
    }

    private Process start(List<String> options, Optional<String> fetchId, Path output) throws IOException {
        return start(List.of(), options, fetchId, output);
    }

    /** @param shell what comes before the command */
    private Process start(List<String> shell, List<String> options, Optional<String> fetchId, Path output)
            throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                KilledLoadTest.class.getName(),
                "--skip-pk-check",
                "--pglogical-replication-slot-name=" + databases.slot,
                "--table-concurrency=2",
                "--export-concurrency=2",
                "--row-batch-size=3000"));
        command.addAll(options);
        fetchId.ifPresent(id -> command.add("--fetch-id=" + id));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("GODWIT_SOURCE", databases.source.url().withPassword());
        builder.environment().put("GODWIT_TARGET", databases.target.url().withPassword());
        return builder.start();
    }

    private static Optional<String> fetchId(Path output) {
        try {
            Matcher id = FETCH_ID.matcher(Files.readString(output));
            return id.find() ? Optional.of(id.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void killAndCarryOn(String... options) throws Exception {
        createTables();
        String expected = one(databases.source, SUMS);
        Path output = Files.createFile(directory.resolve("0.out"));
        Process process = start(List.of(options), Optional.empty(), output);
        Optional<String> id;
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> fetchId(output).isPresent() || !process.isAlive());
            id = fetchId(output);
            assertThat(id).as(() -> read(output)).isPresent();
            databases.onSource(
                    "UPDATE child SET body = 'changed after the snapshot' WHERE id % 3 = 0",
                    "DELETE FROM child WHERE id % 3 = 1",
                    "INSERT INTO parent SELECT i, 'new' FROM generate_series(30001, 30100) i");
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
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> early || fetchId(next).isPresent() || !again.isAlive());
                    killAfter(random.nextInt(early ? 3 * UP_TO_MS : UP_TO_MS), again);
                }
                assertThat(again.waitFor(90, TimeUnit.SECONDS)).as(this::told).isTrue();
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
        assertThat(one(databases.target, SUMS)).as(this::told).isEqualTo(expected);
        assertThat(one(databases.target, "SELECT state FROM _godwit.fetch")).isEqualTo("complete");
        assertThat(databases.captures()).as(this::told).hasSize(2);
        assertThat(rows(
                        databases.source,
                        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'godwit-fetch-hold%' AND datname ="
                                + " current_database()"))
                .isEmpty();
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

    private static String read(Path output) {
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
        killAndCarryOn("--local-path=" + directory.resolve("files"), "--flush-rows=2000");
    }

    /** The system refuses to make a file longer, as it does when a disk is full. */
    @Test
    void aLoadWhoseFilesFindNoRoomIsCarriedOnFromTheSameSnapshot() throws Exception {
        createTables();
        String expected = one(databases.source, SUMS);
        List<String> options = List.of("--local-path=" + directory.resolve("files"), "--flush-rows=20000");
        Path output = Files.createFile(directory.resolve("full.out"));
        Process full =
                start(List.of("sh", "-c", "ulimit -f 400; exec \"$@\"", "sh"), options, Optional.empty(), output);
        assertThat(full.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(full.exitValue()).as(() -> read(output)).isEqualTo(1);
        assertThat(read(output)).contains("File too large").contains("--fetch-id");
        databases.onSource(
                "UPDATE child SET body = 'changed after the snapshot'", "DELETE FROM child WHERE id % 3 = 1");

        Path next = Files.createFile(directory.resolve("next.out"));
        Process again = start(options, fetchId(output), next);
        assertThat(again.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(again.exitValue()).as(() -> read(next)).isZero();
        assertThat(one(databases.target, SUMS)).isEqualTo(expected);
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

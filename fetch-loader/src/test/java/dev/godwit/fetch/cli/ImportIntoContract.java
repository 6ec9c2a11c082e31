package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.Contents;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code godwit fetch} by {@code IMPORT INTO}, from PostgreSQL into a CockroachDB or what stands in for one. */
abstract class ImportIntoContract {
    private static final TableName TABLE = LoadEnvironment.table("T");

    @TempDir
    Path directory;

    /** With the target as Godwit sees it. */
    TestDatabases databases;

    CommandRun command;
    CockroachCluster cluster;
    private List<String> throughFiles;
    /** Of the server of files: a job that outlives its process finds them again at the same address only. */
    int filePort;

    /** @param postgres whose target the stand-in may use */
    abstract CockroachCluster cluster(TestDatabases postgres);

    @BeforeEach
    final void start() throws SQLException, IOException {
        TestDatabases postgres = TestDatabases.create();
        cluster = cluster(postgres);
        databases = postgres.into(cluster.asGodwitSeesIt());
        databases.onBoth(
                "CREATE TABLE \"T\" (id int PRIMARY KEY, region text NOT NULL, body text)",
                "CREATE TABLE empty (id int PRIMARY KEY)");
        databases.onSource(
                "INSERT INTO \"T\" SELECT i, CASE i % 2 WHEN 0 THEN 'eu' ELSE 'us' END, CASE i % 3 WHEN 0 THEN NULL"
                        + " WHEN 1 THEN E'line\\r\\nend\\t\\\\N' ELSE '' END FROM generate_series(1, 10000) i");
        command = new CommandRun(databases, directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            filePort = free.getLocalPort();
        }
        throughFiles = List.of(
                "--schema-filter=public", // the stand-in has tables of its own
                "--local-path=" + directory.resolve("files"),
                "--local-path-listen-addr=127.0.0.1:" + filePort,
                "--compression=gzip",
                "--flush-rows=1500",
                "--import-batch-size=3");
    }

    @AfterEach
    final void stop() throws SQLException {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** With options that count instead of the usual ones of the same name. */
    final int run(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        throughFiles.stream()
                .filter(usual -> all.stream().noneMatch(other -> name(other).equals(name(usual))))
                .toList()
                .forEach(all::add);
        return command.run(all.toArray());
    }

    private static String name(String option) {
        return option.split("=", 2)[0];
    }

    final void everyRowIsThereUnchanged() throws SQLException {
        assertThat(Contents.of(cluster.database(), TABLE)).isEqualTo(Contents.of(databases.source, TABLE));
    }

    private void allJobsHaveSucceeded() throws SQLException {
        assertThat(cluster.jobStatuses()).hasSize(3).containsOnly("succeeded");
    }

    @Test
    void filesAreImportedBatchByBatchAndTheRowsAreCounted() throws SQLException {
        String seenByTheCluster = "--local-path-crdb-access-addr=localhost:" + filePort;
        assertThat(run("--cleanup", seenByTheCluster)).as(command::told).isZero();
        everyRowIsThereUnchanged();
        allJobsHaveSucceeded();
        assertThat(command.out.toString()).contains("these tables of the target are offline: public.T");
        assertThat(one(databases.target, "SELECT state FROM _godwit.fetch")).isEqualTo("complete");
    }

    @Test
    void withUseCopyTablesStayOnline() throws SQLException {
        assertThat(run("--use-copy")).as(command::told).isZero();
        everyRowIsThereUnchanged();
        assertThat(cluster.jobStatuses()).isEmpty();
    }

    @Test
    void keysThatCollideAreFoundBeforeAndOthersAreNamedByTheJob() throws SQLException {
        String eu = "--row-filter=public.T=region = 'eu'";
        databases.onTarget("INSERT INTO \"T\" VALUES (9998, 'eu', 'ours')");
        assertThat(run(eu)).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("already holds rows of public.T where region = 'eu'");
        assertThat(databases.captures()).isEmpty();

        databases.onTarget("UPDATE \"T\" SET region = 'us' WHERE id = 9998");
        assertThat(run(eu, "--import-batch-size=1")).isEqualTo(1);
        assertThat(command.err.toString())
                .contains("ingested key collides with an existing one")
                .contains("delete them, or load with --table-handling truncate-if-exists")
                .doesNotContain("http://");
        String load = fetchId(command.out.toString());
        List<String> jobs = cluster.jobStatuses();
        assertThat(jobs).startsWith("succeeded").endsWith("failed");

        // The first files are in. A load of its own would collide with them, and says so before it begins a job.
        assertThat(run(eu, "--ignore-replication-check")).isEqualTo(2);
        assertThat(command.refused.remedy()).contains("delete them: DELETE FROM");
        assertThat(cluster.jobStatuses()).isEqualTo(jobs);

        databases.onTarget("DELETE FROM \"T\" WHERE id = 9998");
        assertThat(run(eu, "--fetch-id=" + load)).as(command::told).isZero();
        assertThat(one(databases.target, "SELECT count(*) FROM \"T\"")).isEqualTo("5000");
    }

    @Test
    void aFolderThatTheTargetCannotReadIsRefusedBeforeTheLoad() throws SQLException {
        assertThat(command.run("--schema-filter=public", "--local-path=" + directory.resolve("files")))
                .isEqualTo(2);
        assertThat(command.refused.remedy()).contains("--local-path-listen-addr");
        assertThat(databases.traces()).isEmpty();
    }

    @Test
    void aNodeReadsTheFilesOfAFolderThatItHasItself() throws SQLException {
        Path external = cluster.externalDirectory(directory);
        assertThat(command.run(
                        "--schema-filter=public",
                        "--local-path=" + external.resolve("a folder"),
                        "--local-path-nodelocal=nodelocal://1/a%20folder/",
                        "--flush-rows=3000",
                        "--cleanup"))
                .as(command::told)
                .isZero();
        everyRowIsThereUnchanged();
        assertThat(cluster.jobStatuses()).isNotEmpty().containsOnly("succeeded");

        assertThat(command.run("--local-path=" + directory, "--local-path-nodelocal=nodelocal:///loads"))
                .isEqualTo(2);
        assertThat(command.refused.remedy()).contains("nodelocal://1/loads");
    }

    @Test
    void aTableThatAChangefeedWatchesIsNotTakenOffline() throws SQLException {
        Optional<String> feed = cluster.watch("T");
        assumeTrue(feed.isPresent(), "the cluster has no licence for changefeeds into a sink");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused)
                .hasMessageContaining("changefeed " + feed.orElseThrow() + " of the target watches table public.T")
                .hasMessageNotContaining("empty");
        assertThat(command.refused.remedy()).contains("--use-copy");
        assertThat(databases.captures()).isEmpty();

        assertThat(run("--use-copy")).as(command::told).isZero();
    }

    @Test
    void aColumnThatWouldRoundTimesIsRefused() throws SQLException {
        databases.onSource("CREATE TABLE times (id int PRIMARY KEY, at timestamp)");
        databases.onTarget("CREATE TABLE times (id int PRIMARY KEY, at timestamp(3))");
        assertThat(run("--table-filter=times")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("column public.times.at: type is timestamp");
    }

    @Test
    void anIdentityThatTakesNoValuesIsRefused() throws SQLException {
        databases.onBoth("CREATE TABLE numbers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        assertThat(run("--table-filter=numbers")).isEqualTo(2);
        assertThat(command.refused)
                .hasMessageContaining("column public.numbers.id")
                .hasMessageContaining("make it GENERATED BY DEFAULT");
    }

    /** CockroachDB calls the collation of every text en-US, or default, and knows of no difference there. */
    @Test
    void textsAsKeysHaveNoCollationOfTheirOwn() throws SQLException {
        databases.onBoth("CREATE TABLE words (id text PRIMARY KEY, more varchar(9))");
        databases.onSource("INSERT INTO words VALUES ('a', 'b')");
        assertThat(run("--table-filter=words")).as(command::told).isZero();
        assertThat(rows(databases.target, "SELECT * FROM words")).containsExactly("a|b");
    }

    @Test
    void aPausedJobIsToldWithItsReasonAndWaitedForUntilSomebodyResumesIt() throws Exception {
        cluster.hold(true);
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(this::run);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> running.isDone() || command.out.toString().contains("is paused: "));
        assertThat(command.out.toString())
                .containsPattern("warning: job \\d+, which imports into public\\.T, is paused: .*pause point");
        assertThat(cluster.jobStatuses()).containsExactly("paused");
        resumeUntilDone(running);
        assertThat(running.get()).as(command::told).isZero();
        everyRowIsThereUnchanged();
        allJobsHaveSucceeded();
    }

    private void resumeUntilDone(CompletableFuture<Integer> running) {
        await().atMost(Duration.ofMinutes(4)).until(() -> {
            cluster.hold(false);
            return running.isDone();
        });
    }

    /** A process whose first job stays before its end. */
    private Process startAndHold(Path output) throws Exception {
        cluster.hold(true);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                KilledLoadTest.class.getName(),
                "--pglogical-replication-slot-name=" + databases.slot));
        line.addAll(throughFiles);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("GODWIT_SOURCE", databases.source.url().withPassword());
        builder.environment().put("GODWIT_TARGET", databases.target.url().withPassword());
        Process process = builder.start();
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive() || cluster.jobStatuses().contains("paused"));
            assertThat(process.isAlive())
                    .as(() -> KilledLoadContract.read(output))
                    .isTrue();
            return process;
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    @Test
    void endingTheProcessCancelsItsJobsAndAnotherImportsTheirFiles() throws Exception {
        Path output = directory.resolve("output");
        Process process = startAndHold(output);
        try {
            process.destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(cluster.jobStatuses()).containsExactly("canceled");
        assertThat(rows(databases.target, "SELECT 1 FROM _godwit.fetch_file WHERE job IS NOT NULL"))
                .isEmpty();
        assertThat(one(databases.target, "SELECT count(*) FROM \"T\"")).isEqualTo("0");
        cluster.hold(false);
        assertThat(run("--fetch-id=" + fetchId(Files.readString(output))))
                .as(command::told)
                .isZero();
        everyRowIsThereUnchanged();
    }

    @Test
    void aJobWhoseProcessWasKilledIsWaitedFor() throws Exception {
        Path output = directory.resolve("output");
        startAndHold(output).destroyForcibly().waitFor();
        String id = fetchId(Files.readString(output));
        CompletableFuture<Integer> again = CompletableFuture.supplyAsync(() -> run("--fetch-id=" + id));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> again.isDone() || command.out.toString().contains("is paused: "));
        resumeUntilDone(again);
        assertThat(again.get()).as(command::told).isZero();
        everyRowIsThereUnchanged();
        allJobsHaveSucceeded();
    }

    @Test
    void aJobThatNobodyWaitsForAnyMoreIsEndedAndWhoCarriesOnImportsItsFilesAnew() throws Exception {
        Path output = directory.resolve("output");
        startAndHold(output).destroyForcibly().waitFor();

        FetchJob.endAbandonedImports(databases.target, List.of(LoadEnvironment.table("other")));
        assertThat(cluster.jobStatuses()).containsExactly("paused");
        FetchJob.endAbandonedImports(databases.target, List.of(TABLE));
        FetchJob.endAbandonedImports(databases.target, List.of(TABLE));
        assertThat(cluster.jobStatuses()).containsExactly("canceled");

        cluster.hold(false);
        assertThat(run("--fetch-id=" + fetchId(Files.readString(output))))
                .as(command::told)
                .isZero();
        everyRowIsThereUnchanged();
        assertThat(cluster.jobStatuses()).containsExactly("canceled", "succeeded", "succeeded", "succeeded");
    }

    private static String fetchId(String printed) {
        Matcher id = Pattern.compile("fetch id (\\S+)").matcher(printed);
        assertThat(id.find()).as(printed).isTrue();
        return id.group(1);
    }
}

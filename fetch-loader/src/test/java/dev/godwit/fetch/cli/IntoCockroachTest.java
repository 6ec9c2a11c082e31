package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.importinto.CockroachFront;
import dev.godwit.fetch.importinto.ImportJobs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code godwit fetch} by {@code IMPORT INTO}. There is no CockroachDB here: a stand-in before PostgreSQL does its jobs. */
class IntoCockroachTest {
    private static final String SUM =
            "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM \"T\" t";

    @TempDir
    Path directory;

    private TestDatabases databases;
    private CommandRun command;
    private CockroachFront front;
    private ImportJobs jobs;
    private String target;
    private List<String> throughFiles;
    /** Of the server of files: a job that outlives its process finds them again at the same address only. */
    private int filePort;

    @BeforeEach
    void start() throws SQLException, IOException {
        databases = TestDatabases.with(
                "CREATE TABLE \"T\" (id int PRIMARY KEY, region text NOT NULL, body text)",
                "CREATE TABLE empty (id int PRIMARY KEY)");
        databases.onSource(
                "INSERT INTO \"T\" SELECT i, CASE i % 2 WHEN 0 THEN 'eu' ELSE 'us' END, CASE i % 3 WHEN 0 THEN NULL"
                        + " WHEN 1 THEN E'line\\r\\nend\\t\\\\N' ELSE '' END FROM generate_series(1, 10000) i");
        DatabaseUrl postgres = databases.target.url();
        URI uri = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        front = new CockroachFront(uri.getHost(), uri.getPort());
        jobs = new ImportJobs(databases.target);
        target = postgres.withPassword().replace(uri.getHost() + ":" + uri.getPort(), "127.0.0.1:" + front.port())
                + "?sslmode=disable";
        command = new CommandRun(databases, directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            filePort = free.getLocalPort();
        }
        throughFiles = List.of(
                "--target=" + target,
                "--schema-filter=public", // the stand-in has tables of its own
                "--local-path=" + directory.resolve("files"),
                "--local-path-listen-addr=127.0.0.1:" + filePort,
                "--compression=gzip",
                "--flush-rows=1500",
                "--import-batch-size=3");
    }

    @AfterEach
    void stop() throws IOException {
        jobs.close();
        front.close();
    }

    private int run(String... more) {
        List<String> all = new ArrayList<>(throughFiles);
        all.addAll(List.of(more));
        return command.run(all.toArray());
    }

    @Test
    void filesAreImportedBatchByBatchAndTheRowsAreCounted() throws SQLException {
        assertThat(run("--cleanup")).as(command::told).isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(one(databases.source, SUM));
        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs"))
                .hasSize(3)
                .containsOnly("succeeded");
        assertThat(command.out.toString()).contains("these tables of the target are offline: public.T");
        assertThat(one(databases.target, "SELECT state FROM _godwit.fetch")).isEqualTo("complete");
    }

    @Test
    void withUseCopyTablesStayOnline() throws SQLException {
        assertThat(run("--use-copy")).as(command::told).isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(one(databases.source, SUM));
        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs")).isEmpty();
    }

    @Test
    void keysThatCollideAreFoundBeforeAndOthersAreNamedByTheJob() throws SQLException {
        databases.onTarget("INSERT INTO \"T\" VALUES (4, 'eu', 'ours')");
        assertThat(run("--row-filter=public.T=region = 'eu'")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("already holds rows of public.T where region = 'eu'");
        assertThat(databases.captures()).isEmpty();

        databases.onTarget("UPDATE \"T\" SET region = 'us'");
        assertThat(run("--row-filter=public.T=region = 'eu'")).isEqualTo(1);
        assertThat(command.err.toString())
                .contains("ingested key collides with an existing one")
                .contains("delete them, or load with --table-handling truncate-if-exists")
                .doesNotContain("http://");
        assertThat(one(databases.target, "SELECT count(*) FROM \"T\"")).isEqualTo("1");

        databases.onTarget("DELETE FROM \"T\"");
        assertThat(run("--row-filter=public.T=region = 'eu'", "--fetch-id=" + fetchId(command.out.toString())))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, "SELECT count(*) FROM \"T\"")).isEqualTo("5000");
    }

    @Test
    void aFolderThatTheTargetCannotReadIsRefusedBeforeTheLoad() throws SQLException {
        assertThat(command.run(
                        "--target=" + target, "--schema-filter=public", "--local-path=" + directory.resolve("files")))
                .isEqualTo(2);
        assertThat(command.refused.remedy()).contains("--local-path-listen-addr");
        assertThat(databases.traces()).isEmpty();
    }

    @Test
    void aNodeReadsTheFilesOfAFolderThatItHasItself() throws SQLException {
        jobs.externalDirectoryIs(directory);
        assertThat(command.run(
                        "--target=" + target,
                        "--schema-filter=public",
                        "--local-path=" + directory.resolve("a folder"),
                        "--local-path-nodelocal=nodelocal://1/a%20folder/",
                        "--flush-rows=3000"))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(one(databases.source, SUM));
        assertThat(rows(databases.target, "SELECT DISTINCT status FROM stand_in.jobs"))
                .containsExactly("succeeded");

        assertThat(command.run(
                        "--target=" + target, "--local-path=" + directory, "--local-path-nodelocal=nodelocal:///loads"))
                .isEqualTo(2);
        assertThat(command.refused.remedy()).contains("nodelocal://1/loads");
    }

    @Test
    void aTableThatAChangefeedWatchesIsNotTakenOffline() throws SQLException {
        String watched = databases.target.url().database() + ".public.";
        databases.onTarget("INSERT INTO stand_in.feeds VALUES (7, 'paused', ARRAY['" + watched + "other', '" + watched
                + "T']), (8, 'canceled', ARRAY['" + watched + "empty'])");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused)
                .hasMessageContaining("changefeed 7 of the target watches table public.T")
                .hasMessageNotContaining("empty");
        assertThat(command.refused.remedy()).contains("--use-copy");
        assertThat(databases.captures()).isEmpty();

        assertThat(run("--use-copy")).as(command::told).isZero();
    }

    @Test
    void aChangefeedOfTheWholeDatabaseWatchesEveryTableThoughItNamesNone() throws SQLException {
        String database = databases.target.url().database();
        databases.onTarget(
                "INSERT INTO stand_in.feeds VALUES (9, 'running', ARRAY[]::text[], 'another'), (10, 'running',"
                        + " NULL, '" + database + "')");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused)
                .hasMessageContaining("changefeed 10 of the target watches the whole database " + database)
                .hasMessageNotContaining("changefeed 9");
    }

    @Test
    void whoMayNotListChangefeedsIsToldWhy() throws SQLException {
        databases.onTarget(
                "ALTER TABLE stand_in.feeds RENAME TO all_feeds",
                "CREATE FUNCTION stand_in.refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'user does"
                        + " not have SELECT privilege on relation jobs' USING ERRCODE = '42501'; END $$",
                "CREATE VIEW stand_in.feeds AS SELECT stand_in.refuse() AS job_id, 'running' AS status");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("may not list the changefeeds of the target");
        assertThat(command.refused.remedy()).contains("--use-copy");
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

    @Test
    void collatedStringsAreCarriedOutsideOfKeys() throws SQLException {
        databases.onTarget(
                "CREATE TABLE collated (id text COLLATE \"C\" PRIMARY KEY, a text COLLATE \"C\", b text COLLATE \"C\" UNIQUE, c text)");
        Table table = Database.connect("target", DatabaseUrl.parse("target", target))
                .catalog()
                .table(new TableName("public", "collated"))
                .orElseThrow();
        assertThat(table.requireColumn("id").type().isSupported()).isFalse();
        assertThat(table.requireColumn("a").type().kind()).isEqualTo(TypeKind.TEXT);
        assertThat(table.requireColumn("a").type().castName()).isEqualTo("string COLLATE \"C\"");
        assertThat(table.requireColumn("c").type().castName()).isEqualTo("string");
        assertThat(table.uniqueKeys()).singleElement().satisfies(key -> assertThat(key.columns())
                .isEmpty());
    }

    @Test
    void rowsThatTheImportDidNotBringAreMissed() throws SQLException {
        databases.onTarget(
                "CREATE FUNCTION drop_some() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN CASE WHEN NEW.id <> 77 THEN NEW END; END $$",
                "CREATE TRIGGER drops BEFORE INSERT ON \"T\" FOR EACH ROW EXECUTE FUNCTION drop_some()");
        assertThat(run()).isEqualTo(1);
        assertThat(command.err.toString())
                .contains("table public.T of the target holds 9999 rows after the import, but the files hold 10000");
    }

    @Test
    void endingTheProcessCancelsItsJobsAndAnotherImportsTheirFiles() throws Exception {
        jobs.hold(true);
        Path output = directory.resolve("output");
        Process process = start(output);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive()
                            || !rows(databases.target, "SELECT 1 FROM stand_in.jobs")
                                    .isEmpty());
            process.destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs")).containsExactly("canceled");
        assertThat(rows(databases.target, "SELECT 1 FROM _godwit.fetch_file WHERE job IS NOT NULL"))
                .isEmpty();
        jobs.hold(false);
        assertThat(run("--fetch-id=" + fetchId(Files.readString(output))))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(one(databases.source, SUM));
    }

    @Test
    void aJobWhoseProcessWasKilledIsWaitedFor() throws Exception {
        jobs.hold(true);
        Path output = directory.resolve("output");
        Process process = start(output);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive()
                            || !rows(databases.target, "SELECT 1 FROM stand_in.jobs")
                                    .isEmpty());
        } finally {
            process.destroyForcibly().waitFor();
        }
        String id = fetchId(Files.readString(output));
        CompletableFuture<Integer> again = CompletableFuture.supplyAsync(() -> run("--fetch-id=" + id));
        await().atMost(Duration.ofMinutes(2)).until(() -> again.isDone() || filesAreServed());
        jobs.hold(false);
        assertThat(again.get(4, TimeUnit.MINUTES)).as(command::told).isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(one(databases.source, SUM));
        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs"))
                .hasSize(3)
                .containsOnly("succeeded");
    }

    @Test
    void aJobThatNobodyWaitsForAnyMoreIsEnded() throws Exception {
        jobs.hold(true);
        Process process = start(directory.resolve("output"));
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive()
                            || !rows(databases.target, "SELECT 1 FROM stand_in.jobs")
                                    .isEmpty());
        } finally {
            process.destroyForcibly().waitFor();
        }
        Database cluster = Database.connect("target", DatabaseUrl.parse("target", target));

        FetchJob.endAbandonedImports(cluster, List.of(new TableName("public", "other")));
        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs")).containsExactly("running");
        FetchJob.endAbandonedImports(cluster, List.of(new TableName("public", "T")));
        FetchJob.endAbandonedImports(cluster, List.of(new TableName("public", "T")));

        assertThat(rows(databases.target, "SELECT status FROM stand_in.jobs")).containsExactly("canceled");
    }

    private boolean filesAreServed() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), filePort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(Path output) throws IOException {
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
        return builder.start();
    }

    private static String fetchId(String printed) {
        Matcher id = Pattern.compile("fetch id (\\S+)").matcher(printed);
        assertThat(id.find()).as(printed).isTrue();
        return id.group(1);
    }
}

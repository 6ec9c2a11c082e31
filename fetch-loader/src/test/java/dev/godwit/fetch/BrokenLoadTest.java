package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.cli.FetchCommand;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whatever goes wrong, no slot and no publication stay, and the message says which rows may be on the target. */
class BrokenLoadTest {
    private static final String TABLE = "CREATE TABLE t (id int PRIMARY KEY, name text)";

    private static FetchFailedException failure(TestDatabases databases, FetchRequest request, FetchListener listener)
            throws SQLException {
        FetchFailedException failed =
                catchThrowableOfType(FetchFailedException.class, () -> FetchJob.run(request, listener));
        assertThat(failed).isNotNull();
        assertThat(databases.captures()).isEmpty();
        return failed;
    }

    @Test
    void aRowThatTheTargetRefusesEndsTheLoadAndNamesTableAndRowsThere() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY REFERENCES a)");
        databases.onSource(
                "INSERT INTO a SELECT generate_series(1, 50)", "INSERT INTO b SELECT generate_series(1, 50)");
        databases.onTarget("ALTER TABLE b ADD CONSTRAINT small CHECK (id < 40)");

        FetchFailedException failed = failure(
                databases, databases.request(all("public.a"), all("public.b")).build(), new FetchListener() {});

        assertThat(failed)
                .hasMessageContaining("table public.b: writing to the target failed")
                .hasMessageContaining("small")
                .hasMessageContaining("23514");
        assertThat(failed.getMessage()).doesNotContain("Failing row");
        assertThat(failed.remedy())
                .contains("make the target's columns and constraints take every value")
                .contains("public.a (complete)")
                .doesNotContain("public.b (");
        assertThat(one(databases.target, "SELECT count(*) FROM a")).isEqualTo("50");
        assertThat(one(databases.target, "SELECT count(*) FROM b")).isEqualTo("0");
    }

    @Test
    void aKeyThatIsTakenOutsideTheSliceIsNamed() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t VALUES (1, 'eu'), (2, 'eu')");
        databases.onTarget("INSERT INTO t VALUES (2, 'us-east')");
        FetchFailedException failed = failure(
                databases,
                databases.request(databases.slice("public.t", "name = 'eu'")).build(),
                new FetchListener() {});
        assertThat(failed).hasMessageContaining("table public.t").hasMessageContaining("Key (id)=(2) already exists");
        assertThat(failed.remedy()).contains("remove it").contains("The target holds no row of this load");
    }

    @Test
    void rowsThatATriggerDropsAreMissed() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t SELECT i, 'x' FROM generate_series(1, 10) i");
        databases.onTarget(
                "CREATE FUNCTION drop_odd() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN CASE WHEN NEW.id % 2 = 0 THEN NEW END; END $$",
                "CREATE TRIGGER odd BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION drop_odd()");
        assertThat(failure(databases, databases.request(all("public.t")).build(), new FetchListener() {}))
                .hasMessageContaining("it stored 5 of 10 rows");
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void aLostSourceConnectionEndsTheLoadInsteadOfReadingAnotherSnapshot() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) i");
        AtomicBoolean killed = new AtomicBoolean();

        FetchFailedException failed = failure(
                databases,
                databases
                        .request(all("public.t"))
                        .shardBytes(1 << 20)
                        .concurrency(2)
                        .build(),
                new FetchListener() {
                    @Override
                    public void progressed(TableName table, long moreRows, long moreBytes) {
                        if (killed.compareAndSet(false, true)) {
                            terminateReaders(databases);
                        }
                    }
                });

        assertThat(failed).hasMessageContaining("table public.t").hasMessageContaining("the source failed");
        assertThat(failed.remedy()).contains("find out why that connection ended");
        assertThat(Long.parseLong(one(databases.target, "SELECT count(*) FROM t")))
                .isLessThan(30_000);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(rows(
                        databases.source,
                        "SELECT pid, query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IN"
                                + " (current_database(), '"
                                + databases.target.url().database() + "')"))
                .isEmpty());
    }

    private static void terminateReaders(TestDatabases databases) {
        try {
            databases.onSource(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aListenerThatFailsDoesNotLeaveASlotBehind() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t VALUES (1, 'x')");
        FetchFailedException failed =
                failure(databases, databases.request(all("public.t")).build(), new FetchListener() {
                    @Override
                    public void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
                        throw new IllegalStateException("the pipe is closed");
                    }
                });
        assertThat(failed).hasMessageContaining("the pipe is closed");
        assertThat(failed.remedy()).contains("public.t (complete)");
    }

    @Test
    void aSlotThatDisappearsMakesTheLoadWorthless() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        FetchFailedException failed =
                failure(databases, databases.request(all("public.t")).build(), new FetchListener() {
                    @Override
                    public void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
                        try {
                            databases.onSource("SELECT pg_drop_replication_slot('" + databases.slot + "')");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
        assertThat(failed).hasMessageContaining("was dropped while the tables were loading");
    }

    @Test
    void anOpenTransactionThatTheSlotWaitsForIsNamed() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        List<String> waits = new ArrayList<>();
        try (Connection open = databases.source.open();
                Statement statement = open.createStatement()) {
            statement.execute("SET application_name = 'night job'");
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1, 'uncommitted')");
            FetchFailedException failed = failure(
                    databases,
                    databases
                            .request(all("public.t"))
                            .slotWait(Duration.ofSeconds(2))
                            .build(),
                    new FetchListener() {
                        @Override
                        public void waitingForTransactions(List<String> transactions) {
                            waits.addAll(transactions);
                        }
                    });
            assertThat(failed)
                    .hasMessageContaining("could not be created within 2 s")
                    .hasMessageContaining("(night job), since");
            assertThat(failed.remedy()).contains("The target holds no row of this load");
        }
        assertThat(waits).isNotEmpty().allMatch(text -> text.contains("night job"));
    }

    @Test
    void endingTheProcessTakesSlotAndPublicationBack() throws Exception {
        TestDatabases databases = TestDatabases.with(TABLE);
        try (Connection open = databases.source.open();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1, 'uncommitted')");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            BrokenLoadTest.class.getName(),
                            "--pglogical-replication-slot-name=" + databases.slot,
                            "--pglogical-publication-name=" + databases.slot)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("GODWIT_SOURCE", databases.source.url().withPassword());
            builder.environment().put("GODWIT_TARGET", databases.target.url().withPassword());
            Process process = builder.start();
            try {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertThat(databases.captures()).hasSize(2));
                process.destroy();
                assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(databases.captures()).isEmpty();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** The child process of the test above. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FetchCommand()).execute(arguments));
    }
}

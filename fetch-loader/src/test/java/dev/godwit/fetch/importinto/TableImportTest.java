package dev.godwit.fetch.importinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TableImportTest {
    private static final TableName ORDERS = new TableName("public", "orders");
    private static final String SECRET_URL =
            "s3://bucket/orders.1.gz?AWS_ACCESS_KEY_ID=AK&AWS_SECRET_ACCESS_KEY=hidden";
    private static final List<String> RUNNING = List.of("running", "0.25", "");
    private static final List<String> SUCCEEDED = List.of("succeeded", "1", "");
    private static final ImportPatience SHORT = new ImportPatience(
            Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(5), Duration.ofMillis(20));

    private final List<String> heard = new ArrayList<>();
    private final TableImport.Batch batch = new TableImport.Batch(
            List.of("orders.1.gz"), new ImportStatement(ORDERS, List.of("id"), List.of(SECRET_URL), true, 100));

    private final ImportListener listener = new ImportListener() {
        @Override
        public void progressed(TableName table, long job, double fractionCompleted) {
            heard.add(table + " " + fractionCompleted);
        }

        @Override
        public void paused(TableName table, long job, String reason) {
            heard.add("paused: " + reason);
        }

        @Override
        public void contactLost(TableName table, long job, String reason) {
            heard.add("contact lost");
        }
    };

    /** Writes what {@link JobCluster} understands. */
    private record Ledger(String jdbcUrl) implements ImportLedger {
        @Override
        public OptionalLong openJob(List<String> files) throws SQLException {
            try (Connection connection = DriverManager.getConnection(jdbcUrl);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("ASK " + files.get(0))) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }

        @Override
        public void begun(Connection connection, long job, List<String> files) throws SQLException {
            write(connection, "BEGUN " + files.get(0) + " " + job);
        }

        @Override
        public void imported(Connection connection, long job, List<String> files) throws SQLException {
            write(connection, "IMPORTED " + files.get(0) + " " + job);
        }

        @Override
        public void takenBack(Connection connection, long job, List<String> files) throws SQLException {
            write(connection, "TAKEN_BACK " + files.get(0) + " " + job);
        }

        private static void write(Connection connection, String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
            }
        }
    }

    private void run(JobCluster cluster) throws ImportFailedException, InterruptedException {
        new TableImport(
                        () -> DriverManager.getConnection(cluster.jdbcUrl()),
                        Dialect.of(Product.COCKROACHDB),
                        new Ledger(cluster.jdbcUrl()),
                        listener,
                        SHORT)
                .run(batch);
    }

    @Test
    void beginsTheJobAndRemembersItInOneTransactionThenWaitsForItsEnd() throws Exception {
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING, RUNNING, SUCCEEDED))) {
            run(cluster);
            assertThat(cluster.statements())
                    .extracting(sql -> sql.split(" ", 2)[0])
                    .containsExactly(
                            "ASK",
                            "BEGIN",
                            "IMPORT",
                            "BEGUN",
                            "COMMIT",
                            "SELECT",
                            "SELECT",
                            "SELECT",
                            "BEGIN",
                            "IMPORTED",
                            "COMMIT");
            assertThat(cluster.ledger()).isEqualTo(Map.of("orders.1.gz", "imported"));
            assertThat(heard).containsExactly("public.orders 0.25");
        }
    }

    @Test
    void waitsForTheJobOfAnEarlierRunInsteadOfBeginningAnother() throws Exception {
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING, SUCCEEDED))) {
            Thread first =
                    new Thread(() -> assertThatThrownBy(() -> run(cluster)).isInstanceOf(InterruptedException.class));
            cluster.jobPasses(List.of(RUNNING));
            first.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.statements().size() > 6);
            first.interrupt();
            first.join();
            cluster.jobPasses(List.of(SUCCEEDED));
            run(cluster);
            assertThat(cluster.jobs()).isEqualTo(1);
            assertThat(cluster.ledger()).isEqualTo(Map.of("orders.1.gz", "imported"));
        }
    }

    @Test
    void tellsAJobThatSomebodyCancelledBeforeFromOneOfItsOwn() throws Exception {
        List<String> cancelled = List.of("canceled", "0", "job canceled by user");
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING))) {
            Thread first =
                    new Thread(() -> assertThatThrownBy(() -> run(cluster)).isInstanceOf(InterruptedException.class));
            first.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.statements().size() > 6);
            first.interrupt();
            first.join();
            cluster.jobPasses(List.of(cancelled));

            ImportFailedException before = catchThrowableOfType(ImportFailedException.class, () -> run(cluster));
            assertThat(before).hasMessageContaining("canceled (job 800000000001): job canceled by user");
            assertThat(before.cancelledBefore()).isTrue();
            ImportFailedException own = catchThrowableOfType(ImportFailedException.class, () -> run(cluster));
            assertThat(own).hasMessageContaining("job 800000000002");
            assertThat(own.cancelledBefore()).isFalse();
            assertThat(cluster.ledger()).isEmpty();
        }
    }

    /** Every statement of a run once, first not carried out, then carried out without an answer. */
    @Test
    void whereverTheConnectionBreaksOneJobImportsTheFiles() throws Exception {
        int statements;
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING, SUCCEEDED))) {
            run(cluster);
            statements = cluster.statementsAnswered();
        }
        for (int at = 0; at < statements; at++) {
            for (boolean carriedOut : new boolean[] {false, true}) {
                try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING, SUCCEEDED))) {
                    if (carriedOut) {
                        cluster.cutsAfter(at);
                    } else {
                        cluster.cutsBefore(at);
                    }
                    run(cluster);
                    String where = "cut at statement " + at + (carriedOut ? ", carried out" : "");
                    assertThat(cluster.jobs()).as(where).isEqualTo(1);
                    assertThat(cluster.ledger()).as(where).isEqualTo(Map.of("orders.1.gz", "imported"));
                }
            }
        }
    }

    @Test
    void tellsWhyAJobFailedButNotTheRowAndNotTheKeys() throws Exception {
        List<String> failed = List.of(
                "failed",
                "0",
                "s3://bucket/orders.1.gz?AWS_SECRET_ACCESS_KEY=hidden: error parsing row 7: parse \"id\" as INT8:"
                        + " invalid (row: \"secret\tvalue\")");
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(RUNNING, failed))) {
            ImportFailedException failure = catchThrowableOfType(ImportFailedException.class, () -> run(cluster));
            assertThat(failure)
                    .hasMessageContaining("IMPORT INTO public.orders (1 file) failed (job 800000000001)")
                    .hasMessageContaining("error parsing row 7: parse \"id\" as INT8")
                    .hasMessageContaining("the table holds nothing of it")
                    .hasMessageNotContainingAny("hidden", "secret");
            assertThat(cluster.ledger()).isEmpty();
            // The next run begins anew.
            cluster.jobPasses(List.of(SUCCEEDED));
            run(cluster);
            assertThat(cluster.jobs()).isEqualTo(2);
        }
    }

    @Test
    void givesUpOnAPausedJobAndSaysHowToResumeIt() throws Exception {
        try (JobCluster cluster =
                new JobCluster().jobPasses(List.of(RUNNING, List.of("paused", "0.25", "disk is full")))) {
            ImportFailedException failure = catchThrowableOfType(ImportFailedException.class, () -> run(cluster));
            assertThat(failure).hasMessageContaining("is paused: disk is full");
            assertThat(failure.remedy()).contains("RESUME JOB 800000000001");
            assertThat(heard).containsOnlyOnce("paused: disk is full");
            assertThat(cluster.ledger()).as("the job stays known").isNotEmpty();
        }
    }

    @Test
    void saysThatATableMayHoldPartsWhenTheJobCouldNotBeTakenBack() throws Exception {
        try (JobCluster cluster = new JobCluster().jobPasses(List.of(List.of("revert-failed", "0", "node is gone")))) {
            assertThatThrownBy(() -> run(cluster))
                    .isInstanceOf(ImportFailedException.class)
                    .hasMessageContaining("could not take back what it had written: node is gone");
            assertThat(cluster.ledger()).isNotEmpty();
        }
    }

    @Test
    void doesNotWaitWhereItMayNotSeeTheJob() throws Exception {
        try (JobCluster cluster = new JobCluster().refusesToShowJobs("42501", "user does not have VIEWJOB")) {
            assertThatThrownBy(() -> run(cluster))
                    .isInstanceOf(ImportFailedException.class)
                    .hasMessageContaining("cannot be read: ERROR: user does not have VIEWJOB");
        }
    }

    @Test
    void writesTheStatementThatKeepsEveryValue() {
        ImportStatement statement = new ImportStatement(
                new TableName("Sales", "orders"),
                List.of("id", "a\"b"),
                List.of("http://host/x/it's.gz", "http://host/x/2.gz"),
                true,
                5_000_000);
        assertThat(statement.sql(Dialect.of(Product.COCKROACHDB)))
                .isEqualTo("IMPORT INTO \"Sales\".\"orders\" (\"id\", \"a\"\"b\") PGCOPY DATA"
                        + " ('http://host/x/it''s.gz', 'http://host/x/2.gz') WITH detached, disable_glob_matching,"
                        + " decompress = 'gzip', nullif = '\\N', max_row_size = '5001024B'");
        assertThat(statement).hasToString("IMPORT INTO Sales.orders (2 files)");
    }

    @Test
    void refusesRowsThatImportIntoDoesNotTake() {
        assertThatThrownBy(() -> new ImportStatement(ORDERS, List.of("id"), List.of("http://x"), false, 1L << 31))
                .hasMessage("table public.orders has a row of 2147483648 bytes, which is more than IMPORT INTO takes");
    }
}

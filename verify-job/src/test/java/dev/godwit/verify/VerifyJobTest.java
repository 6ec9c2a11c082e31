package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.source;
import static dev.godwit.verify.TwoDatabases.target;
import static dev.godwit.verify.TwoDatabases.verify;
import static dev.godwit.verify.TwoDatabases.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.verify.CompareSettings.Method;
import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoDatabases.class)
class VerifyJobTest {

    @Test
    void findsEqualTablesEqual() {
        both(
                "CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT); INSERT INTO s.a SELECT i, 'v' || i FROM generate_series(1, 3000) i;"
                        + " CREATE TABLE s.empty (id INT PRIMARY KEY)");

        VerifyReport report = verify();

        assertThat(report.isEqual()).isTrue();
        assertThat(report.structure()).isEmpty();
        assertThat(report.tables()).hasSize(2);
        assertThat(report.totals()).isEqualTo(new RowCounts(3000, 3000, 0, 0, 0, 0, 0));
        assertThat(report.duration()).isPositive();
    }

    @Test
    void countsAndListsEveryKindOfDifference() {
        both("CREATE TABLE s.a (region TEXT, id INT, v TEXT, w TEXT, PRIMARY KEY (region, id));"
                + " INSERT INTO s.a SELECT 'eu', i, 'v', 'w' FROM generate_series(1, 10) i");
        target("DELETE FROM s.a WHERE id = 3; INSERT INTO s.a VALUES ('EU', 3, 'v', 'w');"
                + " UPDATE s.a SET v = 'x', w = NULL WHERE id = 7");

        VerifyReport report = verify();

        assertThat(report.isEqual()).isFalse();
        TableReport table = report.tables().get(0);
        assertThat(table.counts()).isEqualTo(new RowCounts(10, 8, 0, 1, 1, 1, 0));
        assertThat(table.firstDifferences())
                .containsExactly(
                        new RowDifference(Kind.EXTRANEOUS, Map.of("region", "EU", "id", "3"), List.of()),
                        new RowDifference(Kind.MISSING, Map.of("region", "eu", "id", "3"), List.of()),
                        new RowDifference(
                                Kind.MISMATCH,
                                Map.of("region", "eu", "id", "7"),
                                List.of(new ColumnDifference("v", "v", "x"), new ColumnDifference("w", "w", null))));
        assertThat(table.firstDifferences().get(2)).hasToString("mismatching row value {region=eu, id=7} in v, w");
    }

    @Test
    void listsNoMoreThanAskedForButTellsTheListenerAll() {
        source("CREATE TABLE s.a (id INT PRIMARY KEY); INSERT INTO s.a SELECT generate_series(1, 100)");
        target("CREATE TABLE s.a (id INT PRIMARY KEY)");
        AtomicLong heard = new AtomicLong();

        VerifyReport report = VerifyJob.run(
                new VerifyRequest(TwoDatabases.source(), TwoDatabases.target(), List.of(whole("a")), 1, 10, 3),
                new VerifyListener() {
                    @Override
                    public void rowDiffers(TableName table, RowDifference difference) {
                        heard.incrementAndGet();
                    }
                });

        assertThat(report.tables().get(0).firstDifferences()).hasSize(3);
        assertThat(report.totals().missing()).isEqualTo(100);
        assertThat(heard).hasValue(100);
    }

    @Test
    void comparesOnlyTheSlice() throws SQLException {
        both(
                "CREATE TABLE s.a (id INT PRIMARY KEY, region TEXT); INSERT INTO s.a SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END"
                        + " FROM generate_series(1, 100) i");
        target("DELETE FROM s.a WHERE region = 'us'; INSERT INTO s.a VALUES (200, 'eu')");
        RowFilter eu = RowFilter.parse(
                "region = 'eu'",
                TwoDatabases.source().catalog().table(TwoDatabases.table("a")).orElseThrow());

        VerifyReport report = VerifyJob.run(
                VerifyRequest.of(
                        TwoDatabases.source(),
                        TwoDatabases.target(),
                        List.of(new TableSlice(TwoDatabases.table("a"), Optional.of(eu)))),
                VerifyListener.SILENT);

        assertThat(report.totals()).isEqualTo(new RowCounts(50, 50, 0, 0, 0, 1, 0));
    }

    @Test
    void canReadTheSourceAsItWasAtAnExportedSnapshot() throws SQLException {
        both("CREATE TABLE s.a (id INT PRIMARY KEY); INSERT INTO s.a SELECT generate_series(1, 10)");
        try (Connection holder = TwoDatabases.source().open();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            String snapshot;
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                snapshot = row.getString(1);
            }
            source("INSERT INTO s.a VALUES (11)");

            assertThat(verifyAt(Optional.of(snapshot)).isEqual()).isTrue();
            assertThat(verifyAt(Optional.empty()).totals().missing()).isEqualTo(1);
        }
        assertThatThrownBy(() -> verifyAt(Optional.of("00000000-00000000-1")))
                .isInstanceOf(VerifyFailedException.class)
                .hasMessageContaining("snapshot");
    }

    private static VerifyReport verifyAt(Optional<String> snapshot) {
        return VerifyJob.run(
                new VerifyRequest(
                        TwoDatabases.source(), TwoDatabases.target(), List.of(whole("a")), 1, 10, 3, snapshot),
                VerifyListener.SILENT);
    }

    @Test
    void comparesComputedColumnsToo() {
        source("CREATE TABLE s.a (id INT PRIMARY KEY, v INT, twice INT GENERATED ALWAYS AS (v * 2) STORED);"
                + " INSERT INTO s.a (id, v) VALUES (1, 1), (2, 2)");
        target("CREATE TABLE s.a (id INT PRIMARY KEY, v INT, twice INT GENERATED ALWAYS AS (v * v + 1) STORED);"
                + " INSERT INTO s.a (id, v) VALUES (1, 1), (2, 2)");

        VerifyReport report = verify();

        assertThat(report.tables().get(0).counts()).isEqualTo(new RowCounts(2, 1, 0, 0, 1, 0, 0));
        assertThat(report.tables().get(0).firstDifferences().get(0).columnNames())
                .containsExactly("twice");
    }

    @Test
    void readsNamesThatNeedQuotesAndOrdersByTheColumnNotByItsText() {
        both("CREATE TABLE s.\"Weird \"\"Name\" (\"select\" INT PRIMARY KEY, \"Key Col\" TEXT, t INT, c0 INT);"
                + " INSERT INTO s.\"Weird \"\"Name\" SELECT i, 'x', i, i FROM generate_series(1, 200) i");

        assertThat(verify().totals().success()).isEqualTo(200);
    }

    @Test
    void structureDifferencesDoNotKeepOtherTablesFromBeingCompared() {
        source("""
                CREATE TABLE s.good (id INT PRIMARY KEY); INSERT INTO s.good VALUES (1);
                CREATE TABLE s.gone (id INT PRIMARY KEY); INSERT INTO s.gone VALUES (1);
                CREATE TABLE s.keyless (id INT); INSERT INTO s.keyless VALUES (1);
                CREATE TABLE s.other_key (id INT PRIMARY KEY, code INT NOT NULL);
                CREATE TABLE s.other_type (id INT PRIMARY KEY, a INT, b TEXT, c TEXT); INSERT INTO s.other_type VALUES (1, 1, 'b', 'c');
                CREATE TABLE s.other_key_type (id INT PRIMARY KEY);
                CREATE TABLE s.json_key (id JSONB PRIMARY KEY)""");
        target("""
                CREATE TABLE s.good (id INT PRIMARY KEY); INSERT INTO s.good VALUES (1);
                CREATE TABLE s.keyless (id INT); INSERT INTO s.keyless VALUES (1);
                CREATE TABLE s.other_key (id INT, code INT PRIMARY KEY);
                CREATE TABLE s.other_type (id INT PRIMARY KEY, a TEXT, c TEXT, d TEXT); INSERT INTO s.other_type VALUES (1, '1', 'c', 'd');
                CREATE TABLE s.other_key_type (id TEXT PRIMARY KEY);
                CREATE TABLE s.json_key (id JSONB PRIMARY KEY)""");

        VerifyReport report = verify();

        assertThat(report.isEqual()).isFalse();
        assertThat(report.structure())
                .extracting(Object::toString)
                .contains(
                        "s.gone: missing on the target",
                        "s.keyless: no primary key, neither on the source nor on the target",
                        "s.other_key: primary key is (id) on the source and (code) on the target",
                        "s.other_type.a: type is integer on the source and text on the target",
                        "s.other_type.b: missing on the target",
                        "s.other_type.d: missing on the source",
                        "s.other_key_type.id: type is integer on the source and text on the target",
                        "s.json_key.id: keys of type jsonb have no order that both sides share");
        assertThat(report.tables())
                .filteredOn(TableReport::isEqual)
                .extracting(table -> table.table().name())
                .containsExactly("good");
        assertThat(report.tables())
                .filteredOn(table -> table.notCompared().isPresent())
                .extracting(table -> table.table().name())
                .containsExactly("gone", "json_key", "keyless", "other_key", "other_key_type");
        // Columns a and b of the source and d of the target are left out; what is left is equal.
        assertThat(table(report, "other_type").counts()).isEqualTo(new RowCounts(1, 0, 1, 0, 0, 0, 3));
    }

    @Test
    void aTableOnTheTargetOnlyIsADifference() {
        target("CREATE TABLE s.extra (id INT PRIMARY KEY)");

        VerifyReport report = VerifyJob.run(
                VerifyRequest.of(TwoDatabases.source(), TwoDatabases.target(), List.of(whole("extra"))),
                VerifyListener.SILENT);

        assertThat(report.isEqual()).isFalse();
        assertThat(report.structure()).extracting(Object::toString).containsExactly("s.extra: missing on the source");
    }

    @Test
    void aTableOnNeitherSideIsRefused() {
        assertThatThrownBy(() -> VerifyJob.run(
                        VerifyRequest.of(TwoDatabases.source(), TwoDatabases.target(), List.of(whole("nowhere"))),
                        VerifyListener.SILENT))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("s.nowhere");
    }

    @Test
    void aWiderTargetTypeWithEqualValuesIsEqual() {
        source("CREATE TABLE s.a (id INT PRIMARY KEY, n NUMERIC(10,2), f REAL, j JSON, t VARCHAR(5), ts TIMESTAMP(3));"
                + " INSERT INTO s.a VALUES (1, 1.50, 0.1, '{\"b\": 1.0, \"a\": 2}', 'x', '2024-01-01 00:00:00.123')");
        target("CREATE TABLE s.a (id BIGINT PRIMARY KEY, n NUMERIC, f FLOAT8, j JSONB, t TEXT, ts TIMESTAMP);"
                + " INSERT INTO s.a VALUES (1, 1.5, 0.1, '{\"a\": 2, \"b\": 1}', 'x', '2024-01-01 00:00:00.123')");

        VerifyReport report = verify();

        assertThat(report.structure()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    @Test
    void rowsOutOfKeyOrderStopTheComparisonInsteadOfGivingAFalseAnswer() {
        // In WIN1251 the byte of U+0451 comes before that of U+0430: another order than that of code points.
        TwoDatabases.execute(TwoDatabases.server().url("postgres"), "DROP DATABASE IF EXISTS cyrillic");
        TwoDatabases.execute(
                TwoDatabases.server().url("postgres"),
                "CREATE DATABASE cyrillic TEMPLATE template0 ENCODING 'WIN1251' LOCALE_PROVIDER libc LOCALE 'C'");
        DatabaseUrl url = TwoDatabases.server().url("cyrillic");
        String rows = "CREATE TABLE s.a (id TEXT PRIMARY KEY); INSERT INTO s.a VALUES ('\u0430'), ('\u0451')";
        TwoDatabases.execute(url, "CREATE SCHEMA s;" + rows);
        target(rows);
        VerifyRequest request =
                VerifyRequest.of(Database.connect("source", url), TwoDatabases.target(), List.of(whole("a")));

        assertThatThrownBy(() ->
                        VerifyJob.run(request.with(CompareSettings.DEFAULTS.with(Method.FULL)), VerifyListener.SILENT))
                .isInstanceOf(VerifyFailedException.class)
                .hasMessageContaining("the source delivers s.a out of key order");
        // A checksum needs no order, and the texts are hashed in one encoding.
        assertThat(VerifyJob.run(request, VerifyListener.SILENT).isEqual()).isTrue();
    }

    @Test
    void rowLevelSecurityCannotHideADifference() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY); INSERT INTO s.a SELECT generate_series(1, 5);"
                + " ALTER TABLE s.a ENABLE ROW LEVEL SECURITY");
        source("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'r'");
        both("GRANT USAGE ON SCHEMA s TO reader; GRANT SELECT ON s.a TO reader");
        Database restricted = Database.connect(
                "source",
                DatabaseUrl.parse(
                        "source",
                        "postgresql://reader:r@127.0.0.1:"
                                + TwoDatabases.server().port() + "/source"));

        assertThatThrownBy(() -> VerifyJob.run(
                        VerifyRequest.of(restricted, TwoDatabases.target(), List.of(whole("a"))),
                        VerifyListener.SILENT))
                .isInstanceOf(VerifyFailedException.class)
                .hasMessageContaining("row-level security");
        both("DROP TABLE s.a; DROP OWNED BY reader");
        source("DROP ROLE reader");
    }

    @Test
    void memoryDoesNotGrowWithTheTable() {
        // 110 MB of values on each side.
        both("CREATE TABLE s.big (id INT PRIMARY KEY, v TEXT);"
                + " INSERT INTO s.big SELECT i, repeat(chr(65 + i % 26), 1000) FROM generate_series(1, 110000) i");
        target("UPDATE s.big SET v = 'x' WHERE id = 109999");
        long before = usedBytes();
        AtomicLong most = new AtomicLong();
        AtomicLong readings = new AtomicLong();

        VerifyReport report = VerifyJob.run(
                new VerifyRequest(TwoDatabases.source(), TwoDatabases.target(), List.of(whole("big")), 1, 20_000, 10)
                        .with(CompareSettings.DEFAULTS.with(Method.FULL)),
                new VerifyListener() {
                    @Override
                    public void progress(TableName table, long truthRows) {
                        if (readings.incrementAndGet() % 5 == 0) {
                            most.accumulateAndGet(usedBytes(), Math::max);
                        }
                    }
                });

        assertThat(report.totals()).isEqualTo(new RowCounts(110_000, 109_999, 0, 0, 1, 0, 0));
        assertThat(most.get()).isPositive();
        assertThat(most.get() - before).isLessThan(60L << 20);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void oneFailedTableEndsAllAndLeavesNoQueryBehind() throws SQLException {
        // One table waits for a lock, as it might for a long sort, while the other fails.
        both("CREATE TABLE s.locked (id INT PRIMARY KEY); CREATE TABLE s.other (id INT PRIMARY KEY)");
        try (Connection lock = TwoDatabases.source().open();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE s.locked IN ACCESS EXCLUSIVE MODE");
            VerifyRequest request = new VerifyRequest(
                    TwoDatabases.source(), TwoDatabases.target(), List.of(whole("locked"), whole("other")), 2, 100, 10);

            assertThatThrownBy(() -> VerifyJob.run(request, new VerifyListener() {
                        @Override
                        public void tableFinished(TableReport report) {
                            await().atMost(Duration.ofMinutes(1)).until(() -> waiting() == 1);
                            throw new IllegalStateException("the listener fails");
                        }
                    }))
                    .isInstanceOf(VerifyFailedException.class)
                    .hasMessageContaining("the listener fails");
            await().atMost(Duration.ofMinutes(1)).until(() -> waiting() == 0);
        }
    }

    private static long waiting() throws SQLException {
        try (Connection connection = TwoDatabases.source().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static TableReport table(VerifyReport report, String name) {
        return report.tables().stream()
                .filter(table -> table.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

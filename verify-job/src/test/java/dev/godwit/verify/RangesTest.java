package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.source;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import dev.godwit.verify.TableSide.Rows;
import dev.godwit.verify.checksum.KeyRange;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SplitKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How tables are cut into ranges, and what reading a range costs. */
@ExtendWith(TwoDatabases.class)
class RangesTest {

    @Test
    void aRangeIsFoundByTheIndexWhereItsOrderIsOurs() throws SQLException {
        both("CREATE TABLE s.numbers (id INT, code TEXT, v TEXT, PRIMARY KEY (id, code));"
                + " INSERT INTO s.numbers SELECT i, 'c' || i, repeat('x', 300) FROM generate_series(1, 20000) i;"
                + " CREATE TABLE s.bytes (code TEXT COLLATE \"C\" PRIMARY KEY, v TEXT);"
                + " INSERT INTO s.bytes SELECT 'c' || i, repeat('x', 300) FROM generate_series(1, 20000) i; ANALYZE");

        assertThat(plan("numbers", List.of("100", "c100"), List.of("200", "c200")))
                .contains("Index Cond: ((id >= '100'::bigint) AND (id <= '200'::bigint))");
        assertThat(plan("bytes", List.of("c5"), List.of("c6")))
                .contains("Index Cond: ")
                .contains("'c5'");
    }

    @Test
    void aTextKeyOfALocaleIsReadInOnePass() throws SQLException {
        // The source orders by a locale, so its index is of no use; the target's would be.
        both("CREATE TABLE s.words (word TEXT PRIMARY KEY); INSERT INTO s.words SELECT chr(65 + i % 60) || i"
                + " FROM generate_series(1, 30000) i; ANALYZE");
        target("DELETE FROM s.words WHERE word IN ('B1', 'a32', chr(65 + 29999 % 60) || '29999')");
        TableReading reading = reading("words");

        assertThat(reading.hasIndex()).isFalse();
        List<RowDifference> found = new ArrayList<>();
        VerifyReport report = VerifyJob.run(TwoDatabases.request(), new VerifyListener() {
            @Override
            public void rowDiffers(TableName table, RowDifference difference) {
                found.add(difference);
            }
        });
        assertThat(found).hasSize(3);
        assertThat(report.totals()).isEqualTo(new RowCounts(30_000, 29_997, 0, 3, 0, 0, 0));
    }

    @Test
    void noMoreRangesOfATableAreComparedAtTheSameTimeThanItMayHave() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY); INSERT INTO s.a SELECT generate_series(1, 60000);"
                + " CREATE TABLE s.b (id INT PRIMARY KEY); INSERT INTO s.b SELECT generate_series(1, 60000); ANALYZE");
        Map<TableName, Set<Thread>> workers = new ConcurrentHashMap<>();
        CompareSettings small = new CompareSettings(
                CompareSettings.Method.CHECKSUM, OptionalInt.empty(), 5_000, 16, 100, Optional.empty());

        VerifyReport report =
                VerifyJob.run(TwoDatabases.request().with(small.withRangesPerTableMax(1)), new VerifyListener() {
                    @Override
                    public void progress(TableName table, long truthRows) {
                        workers.computeIfAbsent(table, name -> ConcurrentHashMap.newKeySet())
                                .add(Thread.currentThread());
                    }
                });

        assertThat(report.isEqual()).isTrue();
        assertThat(report.tables()).allMatch(table -> table.ranges() >= 10);
        assertThat(workers).hasSize(2).allSatisfy((table, threads) -> assertThat(threads)
                .hasSize(1));
    }

    @Test
    void aTableThatLiesInAnotherOrderThanItsKeyIsReadOnceAsAWhole() throws SQLException {
        both(
                "CREATE TABLE s.a (id UUID PRIMARY KEY, v TEXT); INSERT INTO s.a SELECT md5(i::text)::uuid, repeat('x', 500) || i"
                        + " FROM generate_series(1, 20000) i; ANALYZE s.a");
        assertThat(reading("a").onePass()).as("it fits into the memory").isFalse();
        source("ALTER DATABASE source SET effective_cache_size = '1MB'");
        try {
            assertThat(reading("a").onePass()).isTrue();
            for (CompareSettings.Method method :
                    List.of(CompareSettings.Method.CHECKSUM, CompareSettings.Method.FULL)) {
                VerifyRequest request = TwoDatabases.request().with(CompareSettings.DEFAULTS.with(method));
                VerifyReport equal = VerifyJob.run(request, VerifyListener.SILENT);
                assertThat(equal.isEqual()).isTrue();
                assertThat(equal.tables().get(0).ranges()).isEqualTo(1);
            }
            target(
                    "DELETE FROM s.a WHERE id = md5('7')::uuid; UPDATE s.a SET v = v || ' ' WHERE id = md5('19999')::uuid;"
                            + " INSERT INTO s.a VALUES (md5('20001')::uuid, 'x'), ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'x')");
            for (CompareSettings.Method method :
                    List.of(CompareSettings.Method.CHECKSUM, CompareSettings.Method.FULL)) {
                VerifyReport different = VerifyJob.run(
                        TwoDatabases.request().with(CompareSettings.DEFAULTS.with(method)), VerifyListener.SILENT);
                assertThat(different.totals())
                        .describedAs("%s", method)
                        .isEqualTo(new RowCounts(20_000, 19_998, 0, 1, 1, 2, 0));
            }
            assertThat(reading("a", CompareSettings.DEFAULTS.withRowsPerSecondMax(1_000))
                            .onePass())
                    .as("what is read at once cannot be paid for bit by bit")
                    .isFalse();
        } finally {
            source("ALTER DATABASE source RESET effective_cache_size");
        }
    }

    @Test
    void onlyWhatDiffersIsFetched() throws SQLException {
        both("CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT);"
                + " INSERT INTO s.a SELECT i, md5(i::text) FROM generate_series(1, 60000) i; ANALYZE");
        target("UPDATE s.a SET v = 'x' WHERE id IN (5, 30000, 59999)");
        TableReading reading = reading("a");
        AtomicLong fetched = new AtomicLong();
        RangeResult counting = new RangeResult() {
            @Override
            public void differs(RowDifference difference) {}

            @Override
            public void add(Tally more) {
                // What was fetched is told together with its differences.
                fetched.addAndGet(more.differing() > 0 ? more.truthRows : 0);
            }
        };

        compare(reading, counting);

        assertThat(fetched.get()).isBetween(3L, 3L * CompareSettings.DEFAULT_FETCH_ROWS_MAX);
    }

    @Test
    void aLimitOnRowsPerSecondHolds() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY);" + " INSERT INTO s.a SELECT generate_series(1, 3000); ANALYZE");
        for (CompareSettings.Method method : List.of(CompareSettings.Method.CHECKSUM, CompareSettings.Method.FULL)) {
            CompareSettings limited = CompareSettings.DEFAULTS.with(method).withRowsPerSecondMax(4_000);

            VerifyReport report = VerifyJob.run(TwoDatabases.request().with(limited), VerifyListener.SILENT);

            assertThat(report.isEqual()).isTrue();
            assertThat(report.duration()).isGreaterThan(Duration.ofMillis(700));
        }
    }

    @Test
    void productsThatMayDisagreeOnAnOrderAreNotCutByIt() {
        for (TypeKind kind : TypeKind.values()) {
            ColumnType type = new ColumnType(kind, kind.toString(), kind.toString(), -1, null);
            boolean shared =
                    switch (kind) {
                        case BOOLEAN, INTEGER, TEXT, BYTES, UUID, ENUM, DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> true;
                        default -> false;
                    };
            assertThat(SplitKey.splits(Product.POSTGRESQL, type, Product.COCKROACHDB, type))
                    .describedAs("%s", kind)
                    .isEqualTo(shared);
        }
    }

    private static String plan(String table, List<String> from, List<String> to) throws SQLException {
        TableReading reading = reading(table);
        assertThat(reading.hasIndex()).isTrue();
        StringBuilder plan = new StringBuilder();
        try (Connection connection = TwoDatabases.source().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "EXPLAIN " + reading.source().select(reading.plan(), Rows.of(new KeyRange(from, to))))) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static void compare(TableReading reading, RangeResult result) throws SQLException {
        VerifyRequest request = TwoDatabases.request();
        StopSignal stop = new StopSignal();
        try (RangeWorkers workers = new RangeWorkers(request, stop);
                BothSides sides = workers.sides()) {
            new RangeComparison(request, reading, 0, sides, result, workers.rate(), stop).run(KeyRange.ALL, List.of());
            sides.sound();
        }
    }

    private static TableReading reading(String table) throws SQLException {
        return reading(table, CompareSettings.DEFAULTS);
    }

    private static TableReading reading(String table, CompareSettings settings) throws SQLException {
        VerifyRequest request = VerifyRequest.of(
                        TwoDatabases.source(), TwoDatabases.target(), List.of(TwoDatabases.whole(table)))
                .with(settings);
        StructureCheck structure = new StructureCheck(
                request.source(),
                request.source().catalog(),
                request.target(),
                request.target().catalog());
        structure.run(request.pairs());
        ExecutorService helpers = Executors.newCachedThreadPool();
        try (ReadSessions source = new ReadSessions(request.source(), request.sourceSnapshot(), Duration.ZERO, true);
                ReadSessions target =
                        new ReadSessions(request.target(), request.sourceSnapshot(), Duration.ZERO, true);
                BothSides sides = new BothSides(source, target, helpers, new StopSignal())) {
            return TableReading.of(
                    request,
                    structure.plan(TwoDatabases.table(table)).orElseThrow(),
                    RowEncoding.between(Product.POSTGRESQL, Product.POSTGRESQL),
                    sides);
        } finally {
            helpers.shutdown();
        }
    }
}

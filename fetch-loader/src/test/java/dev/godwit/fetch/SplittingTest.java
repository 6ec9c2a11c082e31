package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.Splitting.By;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.shard.KeyRanges;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.shard.ShardPlanner;
import dev.godwit.fetch.snapshot.SnapshotReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row lies in exactly one shard, and shards are about as large as each other, however the keys are spread. */
class SplittingTest {
    private static final int SHARDS = 8;

    /** Rows per shard, as they are read. */
    private static List<Long> shards(TestDatabases databases, String name, By by, int wanted) throws SQLException {
        TableName tableName = TableName.parse(name);
        Table table = databases.source.catalog().table(tableName).orElseThrow();
        TablePlan plan = new TablePlan(MappedTable.of(TestDatabases.all(name)), table, Set.of(), false);
        long rows = Long.parseLong(one(databases.source, "SELECT count(*) FROM " + name));
        Splitting splitting =
                new Splitting(1, 1, 1, Long.MAX_VALUE, OptionalLong.of(Math.max(1, rows / wanted + 1)), by);
        try (Connection exporting = PinnedSession.open(databases.source);
                Statement statement = exporting.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
            String snapshot = text(statement, "SELECT pg_export_snapshot()");
            try (SnapshotReader reader = SnapshotReader.open(databases.source, "test", snapshot, List.of(tableName))) {
                List<Long> counts = new ArrayList<>();
                for (Shard shard : new ShardPlanner(databases.source.dialect(), splitting).shards(plan, reader)) {
                    counts.add(reader.number("SELECT count(*) FROM " + name
                            + (shard.range().isEmpty() ? "" : " WHERE " + shard.range())));
                }
                return counts;
            }
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static TestDatabases source(String create, String insert) throws SQLException {
        TestDatabases databases = TestDatabases.create();
        databases.onSource(create, insert, "ANALYZE");
        return databases;
    }

    private static void requireEven(List<Long> shards, long rows) {
        assertThat(shards.stream().mapToLong(Long::longValue).sum()).isEqualTo(rows);
        assertThat(shards).hasSize(SHARDS);
        assertThat(shards).as("even shards").allSatisfy(count -> assertThat((double) count)
                .isBetween(rows * 0.6 / SHARDS, rows * 1.6 / SHARDS));
    }

    private static void evenly(String create, String insert) throws SQLException {
        TestDatabases databases = source(create, insert);
        long rows = Long.parseLong(one(databases.source, "SELECT count(*) FROM t"));
        requireEven(shards(databases, "public.t", By.KEY, SHARDS), rows);
    }

    @Test
    void keysWithGapsAndClusters() throws SQLException {
        // Nine tenths of the rows have keys in a thousandth of the range.
        evenly(
                "CREATE TABLE t (id bigint PRIMARY KEY, v text)",
                "INSERT INTO t SELECT CASE WHEN i % 10 = 0 THEN i::bigint * 1000000 ELSE -i END, repeat('x', 50) FROM generate_series(1,"
                        + " 100000) i");
    }

    @Test
    void keysWhoseDensityGrows() throws SQLException {
        evenly(
                "CREATE TABLE t (id double precision PRIMARY KEY, v text)",
                "INSERT INTO t SELECT exp(-i / 3000.0), repeat('x', 50) FROM generate_series(1, 100000) i");
    }

    @Test
    void compositeKeysWhoseFirstColumnSaysLittle() throws SQLException {
        evenly(
                "CREATE TABLE t (tenant int, region text, id uuid, v text, PRIMARY KEY (tenant, region, id))",
                "INSERT INTO t SELECT CASE WHEN i % 50 = 0 THEN i % 7 ELSE 1 END, CASE WHEN i % 3 = 0 THEN 'eu''s \\' ELSE 'us' END,"
                        + " md5(i::text)::uuid, repeat('x', 50) FROM generate_series(1, 100000) i");
    }

    @Test
    void textsInTheOrderOfTheirCollation() throws SQLException {
        evenly(
                "CREATE TABLE t (id text COLLATE \"en-x-icu\" PRIMARY KEY)",
                "INSERT INTO t SELECT (ARRAY['ä', 'a', 'Z', 'é', '\"', 'ß', '-', 'İ'])[1 + i % 8] || md5(i::text) FROM generate_series(1,"
                        + " 100000) i");
    }

    @Test
    void rowsOfOneFilterOnly() throws SQLException {
        TestDatabases databases = source(
                "CREATE TABLE t (id int PRIMARY KEY, region text, v text)",
                "INSERT INTO t SELECT i, CASE WHEN i % 100 = 0 THEN 'eu' ELSE 'us' END, repeat('x', 200) FROM generate_series(1, 100000) i");
        Table table =
                databases.source.catalog().table(TableName.parse("public.t")).orElseThrow();
        TablePlan plan =
                new TablePlan(MappedTable.of(databases.slice("public.t", "region = 'eu'")), table, Set.of(), false);
        try (Connection exporting = PinnedSession.open(databases.source);
                Statement statement = exporting.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
            String snapshot = text(statement, "SELECT pg_export_snapshot()");
            try (SnapshotReader reader =
                    SnapshotReader.open(databases.source, "test", snapshot, List.of(TableName.parse("public.t")))) {
                List<String> ranges = new KeyRanges(databases.source.dialect(), plan, reader).cut(4, 3_000);
                List<Long> counts = new ArrayList<>();
                for (String range : ranges) {
                    counts.add(reader.number("SELECT count(*) FROM t WHERE region = 'eu' AND " + range));
                }
                assertThat(counts).hasSize(4).allSatisfy(count -> assertThat(count)
                        .isBetween(150L, 350L));
            }
        }
    }

    /** Key types, and an expression over i that gives distinct values. */
    private static final String[][] KEYS = {
        {"smallint", "(i - 16000)::smallint"},
        {"int", "i * 7919"},
        {"bigint", "i::bigint * 4611686018427 - 9000000000000000"},
        {"numeric", "(i * 1.5)::numeric / 7"},
        {"real", "(i / 64.0)::real"},
        {
            "double precision",
            "CASE i WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' WHEN 3 THEN 'Infinity' ELSE ln(i::float8) END"
        },
        {"text", "md5(i::text) || E'\\\\\\n'''"},
        {"varchar(64)", "md5(i::text)"},
        {"char(40)", "md5(i::text)"},
        {"\"name\"", "md5(i::text)::name"},
        {"bytea", "decode(md5(i::text), 'hex')"},
        {"uuid", "md5(i::text)::uuid"},
        {"date", "CASE i WHEN 1 THEN 'infinity'::date WHEN 2 THEN '4713-01-01 BC' ELSE '2000-01-01'::date + i END"},
        {"time", "'00:00'::time + i * interval '1 millisecond'"},
        {"timetz", "('00:00+03'::timetz + i * interval '1 millisecond')"},
        {
            "timestamp",
            "CASE i WHEN 1 THEN '-infinity'::timestamp ELSE '0044-03-15 BC'::timestamp + i * interval '1 day' END"
        },
        {"timestamptz", "'2024-03-31'::timestamptz + i * interval '1 minute'"},
        {"interval", "i * interval '1 hour 3 seconds'"},
        {"inet", "'10.0.0.0'::inet + i"},
        {"cidr", "set_masklen(('10.0.0.0'::inet + i * 4), 30)::cidr"},
        {
            "macaddr",
            "('08:00:2b:' || to_char(i / 10000 % 100, 'FM00') || ':' || to_char(i / 100 % 100, 'FM00') || ':' || to_char(i % 100,"
                    + " 'FM00'))::macaddr"
        },
        {"money", "(i * 1.11)::numeric::money"},
        {"bit(20)", "i::bit(20)"},
        {"bit varying", "i::bit(20)::varbit"},
        {"int[]", "ARRAY[i % 100, NULL, i]"},
        {"text[]", "ARRAY['a', md5(i::text)]"},
        {"jsonb", "jsonb_build_object('a', i, 'b', 'x\"y')"},
        {"int4range", "int4range(i, i + 5)"},
        {"mood", "NULL"},
        {"pg_lsn", "('0/' || to_hex(i))::pg_lsn"},
        {"oid", "i::text::oid"},
    };

    @Test
    void keysOfEveryOrderedTypeAreCut() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        databases.onSource("CREATE TYPE mood AS ENUM ('z', 'a', 'm')");
        for (String[] type : KEYS) {
            if (type[0].equals("mood")) {
                continue;
            }
            databases.onSource(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (k " + type[0] + " PRIMARY KEY)",
                    "INSERT INTO t SELECT " + type[1] + " FROM generate_series(1, 4000) i");
            List<Long> shards = shards(databases, "public.t", By.KEY, SHARDS);
            assertThat(shards.stream().mapToLong(Long::longValue).sum())
                    .as(type[0])
                    .isEqualTo(4000);
            assertThat(shards).as(type[0]).hasSizeBetween(2, 2 * SHARDS).allSatisfy(count -> assertThat(count)
                    .isLessThanOrEqualTo(2000));
        }
        databases.onSource(
                "DROP TABLE t",
                "CREATE TABLE t (k mood, id int, PRIMARY KEY (k, id))",
                "INSERT INTO t SELECT (ARRAY['z', 'a', 'm'])[1 + i % 3]::mood, i FROM generate_series(1, 4000) i");
        assertThat(shards(databases, "public.t", By.KEY, SHARDS).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(4000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noRowIsMissingOrThereTwiceWhateverTheTable(long seed) throws SQLException {
        Random random = new Random(seed);
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> key = new ArrayList<>();
        int keyColumns = 1 + random.nextInt(3);
        for (int i = 0; i < keyColumns; i++) {
            String[] type = KEYS[1 + random.nextInt(20)];
            columns.add("k" + i + " " + type[0]);
            values.add(type[1]);
            key.add("k" + i);
        }
        int rows = 500 + random.nextInt(8_000);
        By by = List.of(By.AUTO, By.KEY, By.PLACE).get(random.nextInt(3));
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (" + String.join(", ", columns)
                + ", filler text, PRIMARY KEY (" + String.join(", ", key) + "))");
        databases.onSource(
                String.format(
                        Locale.ROOT,
                        "INSERT INTO t SELECT %s, repeat('x', %d) FROM generate_series(1, %d) i",
                        String.join(", ", values),
                        random.nextInt(300),
                        rows),
                "DELETE FROM t WHERE ctid IN (SELECT ctid FROM t ORDER BY md5(t::text) LIMIT " + rows / 5 + ")",
                "ANALYZE");
        FetchRequest request = FetchRequest.builder(databases.source, databases.target)
                .slices(List.of(TestDatabases.all("public.t")))
                .slotName(databases.slot)
                .splitting(new Splitting(3, 1, 3, 64 << 10, OptionalLong.of(200 + random.nextInt(500)), by))
                .tableOptions(new TableOptions(
                        TableHandling.NONE,
                        dev.godwit.fetch.schema.TypeMapFile.NONE,
                        java.util.Optional.empty(),
                        false,
                        TableOptions.Purpose.LOAD,
                        TableOptions.Sequences.NONE))
                .build();
        FetchJob.run(request, new FetchListener() {});
        String sums = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM t";
        assertThat(rows(databases.target, sums))
                .as("seed %d: key (%s), by %s", seed, String.join(", ", columns), by)
                .isEqualTo(rows(databases.source, sums));
    }
}

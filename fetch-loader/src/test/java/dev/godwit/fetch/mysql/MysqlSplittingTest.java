package dev.godwit.fetch.mysql;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.MysqlEnvironment;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.plan.TablePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row lies in exactly one shard, shards are about as large as each other however the keys are spread, and few rows are read to find them. */
class MysqlSplittingTest {
    private static final int SHARDS = 8;
    private static final int ROWS = 6_000;

    private static TestDatabases databases;

    @BeforeAll
    static void create() {
        databases = new MysqlEnvironment().create();
    }

    private static void source(String create, String insert) throws SQLException {
        databases.onSource("DROP TABLE IF EXISTS t", create, insert, "ANALYZE TABLE t");
    }

    private static String rows(String values) {
        return "INSERT IGNORE INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS
                + ") SELECT " + values + ", repeat('x', 100) FROM n";
    }

    /** How the table is cut, and what that cost. */
    private record Cut(List<String> ranges, List<Long> counts, long rows, long read) {
        void requireEven() {
            // How many are wanted goes by the server's guess of all rows.
            assertThat(ranges).as("%s", ranges).hasSizeBetween(SHARDS * 3 / 4, SHARDS * 3 / 2);
            assertThat(counts).allSatisfy(count -> assertThat((double) count)
                    .as("rows of shards %s", counts)
                    .isBetween(0.6 * rows / counts.size(), 1.6 * rows / counts.size()));
        }
    }

    private static Cut cut(Optional<String> filter) throws SQLException {
        TableName name = new TableName("public", "t");
        Table table = databases.source.catalog().table(name).orElseThrow();
        TableSlice slice = new TableSlice(name, filter.map(text -> RowFilter.parse(text, table)));
        TablePlan plan = new TablePlan(MappedTable.of(slice), table, Set.of(), false);
        String where = plan.mapping().where(databases.source.dialect());
        long rows = Long.parseLong(one(databases.source, "SELECT count(*) FROM t" + where));
        Splitting splitting =
                new Splitting(1, 1, 1, Long.MAX_VALUE, OptionalLong.of(rows / SHARDS + 1), Splitting.By.AUTO);
        try (MysqlSnapshot snapshot = MysqlSnapshot.take(databases.source, List.of(name), 1, 0)) {
            Connection connection = snapshot.connections().get(0);
            DirectAccess access = new DirectAccess(connection, databases.source.dialect());
            long before = rowsRead(access);
            List<String> ranges = new MysqlShards(databases.source.dialect(), splitting).ranges(access, plan);
            long read = rowsRead(access) - before;
            requireEachRowOnce(access, ranges);
            return new Cut(ranges, counts(access, ranges, where), rows, read);
        }
    }

    private static void requireEachRowOnce(DirectAccess access, List<String> ranges) throws SQLException {
        String times = ranges.stream()
                .map(range -> range.isEmpty() ? "1" : "(" + range + ")")
                .collect(Collectors.joining(" + "));
        assertThat(access.first("SELECT count(*), coalesce(sum(" + times + " <> 1), 0), coalesce(sum((" + times
                        + ") IS NULL), 0) FROM t"))
                .as("ranges %s", ranges)
                .endsWith("0", "0");
    }

    /** As they are read, by the index. */
    private static List<Long> counts(DirectAccess access, List<String> ranges, String where) throws SQLException {
        List<Long> counts = new ArrayList<>();
        for (String range : ranges) {
            String condition = range.isEmpty() ? where : where.isEmpty() ? " WHERE " + range : where + " AND " + range;
            counts.add(Long.parseLong(
                    access.first("SELECT count(filler) FROM t" + condition).get(0)));
            if (ranges.size() > 1) {
                assertThat(access.first("EXPLAIN FORMAT = TRADITIONAL SELECT * FROM t" + condition))
                        .as("how MySQL reads %s", range)
                        .contains("range", "PRIMARY");
            }
        }
        long whole =
                Long.parseLong(access.first("SELECT count(*) FROM t" + where).get(0));
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(whole);
        return counts;
    }

    private static long rowsRead(DirectAccess access) throws SQLException {
        try (Statement statement = access.connection().createStatement();
                ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Innodb_rows_read'")) {
            long read = 0;
            while (row.next()) {
                read += row.getLong(2);
            }
            return read;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int | i * 7",
                "int unsigned | 4294967295 - i",
                "bigint | i * 461168601842738 - 4611686018427387904",
                "bigint unsigned | 18446744073709551615 - i * 461168601842738",
                "smallint | i - 10000",
                "decimal(65,30) | i * 1.000000000000000000000000000001 - 7777",
                "bit(40) | i * 1000",
                "char(36) character set ascii | insert(insert(insert(insert(md5(i),9,0,'-'),14,0,'-'),19,0,'-'),24,0,'-')",
                "binary(16) | unhex(md5(i))",
                "varbinary(40) | concat('key-', md5(i))",
                "varchar(40) collate utf8mb4_0900_ai_ci | md5(i)",
                "varchar(40) collate utf8mb4_0900_bin | concat('customer/', i)",
                "varchar(40) collate utf8mb4_general_ci | concat(if(i % 2, 'Ä', 'a'), md5(i))",
                "varchar(40) character set latin1 collate latin1_german1_ci | concat(elt(1 + i % 4, 'ä', 'ß', 'Z', ' '), md5(i))",
                "varchar(40) character set utf16 | md5(i)",
                "varchar(40) character set gb18030 | concat(char(0x4e00 + i % 20000 using utf32), i)",
                "char(40) collate utf8mb4_ja_0900_as_cs | concat(convert(char(0x3042 + i % 80 using utf32) using utf8mb4), i)",
                "varchar(40) collate utf8mb4_turkish_ci | concat(convert(char(0x410 + i % 60 using utf32) using utf8mb4), md5(i))",
                "date | date'1000-01-01' + interval i day",
                "time(3) | sec_to_time(i * 10.5 - 100000)",
                "datetime(6) | timestamp'1950-01-01 00:00:00' + interval i * 7001 second",
                "timestamp(3) | timestamp'1999-01-01 00:00:00' + interval i * 7.007 second",
            })
    void keysOfEveryOrderedTypeAreCutEvenly(String type, String value) throws SQLException {
        source("CREATE TABLE t (k " + type + " PRIMARY KEY, filler varchar(100))", rows(value));

        Cut cut = cut(Optional.empty());

        cut.requireEven();
        assertThat(cut.read()).as("rows read to find %d shards", SHARDS).isLessThan(ROWS / 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k bigint | if(i % 10, i, i * 100000000000) | k",
                "k bigint unsigned | floor(exp(i / 460)) + i | k",
                "k decimal(30,20) | exp(i / -500) + i / 100000000000000000000 | k",
                "k varchar(80) | concat(if(i % 20, 'https://www.example.com/a/very/long/beginning/', ''), md5(i)) | k",
                "k varbinary(80) | concat(if(i % 20, repeat(x'00', 40), ''), unhex(md5(i))) | k",
                "k datetime | if(i % 50, timestamp'2024-01-01 00:00:00' + interval i second, timestamp'1000-01-01 00:00:00' + interval i day) | k",
                "a int, k bigint | if(i % 50, 1, i % 7), i | a, k",
                "a varchar(8), b date, k binary(16) | elt(1 + i % 3, 'EU', 'us', 'us '), date'2024-01-01' + interval i % 3 day, unhex(md5(i)) | a, b, k",
                "a char(2), k int | 'eu', i | a, k",
                "a int, k int | i % 90, i | a DESC, k DESC",
                "a int, k int | i % 2000, i | a, k DESC",
                "a int, b enum('z','a'), k int | i % 2000, 1 + i % 2, i | a, b, k",
            })
    void gapsClustersAndLeadingColumnsThatSayLittleDoNotMatter(String columns, String values, String key)
            throws SQLException {
        source("CREATE TABLE t (" + columns + ", filler varchar(100), PRIMARY KEY (" + key + "))", rows(values));

        Cut cut = cut(Optional.empty());

        cut.requireEven();
        assertThat(cut.read()).as("rows read to find %d shards", SHARDS).isLessThan(ROWS / 4);
    }

    @Test
    void theRowsOfATenantAreCutEvenlyWhereItsColumnIsTheFirstOfTheKey() throws SQLException {
        source(
                "CREATE TABLE t (tenant int, id int, filler varchar(100), PRIMARY KEY (tenant, id))",
                rows("if(i % 3, i % 100, 7), i"));
        cut(Optional.of("tenant = 7")).requireEven();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a enum('z','a','m'), k int, filler varchar(100), PRIMARY KEY (a, k)",
                "a set('z','a','m'), k int, filler varchar(100), PRIMARY KEY (a, k)",
                "a double, k int, filler varchar(100), PRIMARY KEY (a, k)",
                "a varchar(200), k int, filler varchar(100), PRIMARY KEY (a(3), k)"
            })
    void otherKeysTravelInOnePiece(String table) throws SQLException {
        source("CREATE TABLE t (" + table + ")", rows("1 + i % 2, i"));
        assertThat(cut(Optional.empty()).ranges()).containsExactly("");
    }

    @Test
    void aTableWithoutRowsAndOneWithASingleKeyAreNotCut() throws SQLException {
        source("CREATE TABLE t (k int PRIMARY KEY, filler varchar(100))", "INSERT INTO t VALUES (1, '')");
        assertThat(cut(Optional.empty()).ranges()).containsExactly("");
        databases.onSource("DELETE FROM t");
        assertThat(cut(Optional.empty()).ranges()).containsExactly("");
    }

    /** Characters that collations take for equal, for nothing or for two. */
    private static final String[] PIECES = {
        "a",
        "A",
        "ä",
        "á",
        "a\u0301",
        "b",
        "ss",
        "ß",
        "ch",
        "c",
        "h",
        "i",
        "İ",
        "ı",
        "I",
        " ",
        "  ",
        "-",
        "_",
        "%",
        "'",
        "\"",
        "\\",
        "\t",
        "\n",
        "\u0001",
        "\u00ad",
        "0",
        "1",
        "9",
        "я",
        "Ё",
        "中",
        "あ",
        "ア",
        "\ud83d\ude00",
        "e",
        "é",
        "z",
        "Z"
    };

    private static final String[] COLLATIONS = {
        "utf8mb4_0900_ai_ci",
        "utf8mb4_0900_as_cs",
        "utf8mb4_0900_bin",
        "utf8mb4_bin",
        "utf8mb4_general_ci",
        "utf8mb4_unicode_ci",
        "utf8mb4_unicode_520_ci",
        "utf8mb4_ja_0900_as_cs_ks",
        "utf8mb4_de_pb_0900_ai_ci",
        "utf8mb4_spanish2_ci",
        "utf8mb4_turkish_ci",
        "utf8mb4_zh_0900_as_cs",
        "utf16_unicode_ci",
        "utf8mb3_general_ci"
    };

    private static String text(Random random, boolean plain) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            String piece = PIECES[random.nextInt(PIECES.length)];
            text.append(plain && piece.length() > 1 && Character.isSurrogate(piece.charAt(0)) ? "s" : piece);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noRowIsMissingOrThereTwiceWhateverTheTextsAndCollations(long seed) throws SQLException {
        Random random = new Random(seed);
        String first = COLLATIONS[random.nextInt(COLLATIONS.length)];
        String second = COLLATIONS[random.nextInt(COLLATIONS.length)];
        String type = random.nextBoolean() ? "varchar(40)" : "char(40)";
        String direction = random.nextInt(3) == 0 ? " DESC" : "";
        databases.onSource("DROP TABLE IF EXISTS t");
        databases.onTarget("DROP TABLE IF EXISTS t");
        databases.onSource(
                "CREATE TABLE t (a " + type + " CHARACTER SET " + first.replaceFirst("_.*", "") + " COLLATE " + first
                        + ", b varchar(40) CHARACTER SET " + second.replaceFirst("_.*", "") + " COLLATE " + second
                        + ", c bigint unsigned, filler varchar(200), PRIMARY KEY (a" + direction + ", b" + direction
                        + ", c" + direction + "))");
        databases.onTarget(
                "CREATE TABLE t (a " + type + ", b text, c numeric(20), filler varchar(200), PRIMARY KEY (a, b, c))");
        try (Connection connection = databases.source.open();
                PreparedStatement insert = connection.prepareStatement("INSERT IGNORE INTO t VALUES (?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            int spread = 1 + random.nextInt(3);
            for (int i = 0; i < 1_200; i++) {
                insert.setString(1, spread == 1 ? "same" : text(random, first.startsWith("utf8mb3")));
                insert.setString(2, spread == 3 ? "" : text(random, second.startsWith("utf8mb3")));
                insert.setString(3, Long.toUnsignedString(random.nextLong()));
                insert.setString(4, "x".repeat(random.nextInt(200)));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
        databases.onSource("ANALYZE TABLE t");
        String keys = "(" + type + " " + first + direction + ", " + second + "), seed " + seed;

        Cut cut = cut(Optional.empty());
        assertThat(cut.ranges()).as(keys).hasSizeBetween(SHARDS * 3 / 4, SHARDS * 3 / 2);
        assertThat(cut.counts()).as(keys).allSatisfy(count -> assertThat(count).isLessThan(cut.rows() * 2 / SHARDS));
        FetchRequest request = databases
                .request(all("public.t"))
                .splitting(new Splitting(3, 1, 3, 32 << 10, OptionalLong.of(100), Splitting.By.AUTO))
                .build();
        assertThat(FetchJob.run(request, new FetchListener() {}).rowsTotal())
                .as(keys)
                .isEqualTo(cut.rows());
        assertThat(one(databases.target, "SELECT count(*), sum(c), sum(length(filler)) FROM t"))
                .as(keys)
                .isEqualTo(one(databases.source, "SELECT count(*), sum(c), sum(length(filler)) FROM t"));
    }
}

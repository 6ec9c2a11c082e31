package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.TableSelection;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.mysql.MysqlSnapshots;
import dev.godwit.local.MysqlServer;
import dev.godwit.verify.CompareSettings.Method;
import dev.godwit.verify.checksum.RowColumn;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SqlNames;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A MySQL source, which orders texts by a collation of its own, and a PostgreSQL target. */
@ExtendWith(MysqlAndPostgres.class)
class MysqlVerifyTest {
    private static final RowEncoding ENCODING = RowEncoding.between(Product.MYSQL, Product.POSTGRESQL);
    private static final CompareSettings SMALL_RANGES =
            new CompareSettings(Method.CHECKSUM, OptionalInt.empty(), 100, 4, 5, Optional.empty());

    private static MysqlServer server;
    private static Database source;
    private static Database target;

    @TempDir
    private Path directory;

    @BeforeEach
    void takeDatabases() {
        server = MysqlAndPostgres.server();
        source = MysqlAndPostgres.mysql();
        target = MysqlAndPostgres.postgres();
    }

    private static void source(String... statements) {
        MysqlAndPostgres.onMysql(statements);
    }

    private static void target(String sql) {
        MysqlAndPostgres.onPostgres(sql);
    }

    private static VerifyRequest request() throws SQLException {
        List<TableSlice> slices = TableSelection.of("public", ".*").from(source.catalog()).stream()
                .map(table -> new TableSlice(table.name(), Optional.empty()))
                .toList();
        return new VerifyRequest(source, target, slices, 3, 1000, 10_000);
    }

    @Test
    void timesBeyondADayAreComparedWithIntervals() throws SQLException {
        source = Database.connect(
                "source", DatabaseUrl.parse("source", server.url("shop").withPassword() + "?time=interval"));
        source(
                "CREATE TABLE t (id INT PRIMARY KEY, v TIME(3))",
                "INSERT INTO t VALUES (1, '-838:59:59'), (2, '838:59:58.990'), (3, '00:00:02'), (4, NULL)");
        target("CREATE TABLE t (id INT PRIMARY KEY, v INTERVAL(3));"
                + " INSERT INTO t VALUES (1, '-838:59:59'), (2, '838:59:58.99'), (3, '00:00:02.001'), (4, NULL)");

        VerifyReport report = VerifyJob.run(request(), VerifyListener.SILENT);

        assertThat(report.structure()).isEmpty();
        assertThat(report.totals().success()).isEqualTo(3);
        assertThat(report.totals().differingRows()).isEqualTo(1);
    }

    @Test
    void numbersAreComparedWithBooleansAndEnumsWithTexts() throws SQLException {
        source = Database.connect(
                "source", DatabaseUrl.parse("source", server.url("shop").withPassword() + "?bool=*&string=*"));
        source(
                "CREATE TABLE t (id INT PRIMARY KEY, v TINYINT(1), e ENUM('z','a') COLLATE utf8mb4_0900_bin)",
                "INSERT INTO t VALUES (1, 0, 'z'), (2, 1, 'a'), (3, NULL, NULL), (4, 1, 'z'), (5, 2, 'a'), (6, 0, 'a')",
                "CREATE TABLE k (e ENUM('z','a','k') COLLATE utf8mb4_0900_bin, v TINYINT(1), PRIMARY KEY (e, v))",
                "INSERT INTO k VALUES ('z', 0), ('z', 1), ('a', 1), ('k', 0)");
        target("CREATE TABLE t (id INT PRIMARY KEY, v BOOL, e TEXT);"
                + " INSERT INTO t VALUES (1, false, 'z'), (2, true, 'a'), (3, NULL, NULL), (4, false, 'z'), (5, true, 'a'), (6, false, 'b');"
                + " CREATE TABLE k (e TEXT, v BOOL, PRIMARY KEY (e, v));"
                + " INSERT INTO k VALUES ('z', false), ('z', true), ('a', true), ('k', true)");

        VerifyReport report = VerifyJob.run(request(), VerifyListener.SILENT);

        assertThat(report.structure()).isEmpty();
        // 4 is another boolean, 5 none at all, 6 another text; of k one row is missing and one is too many.
        assertThat(report.totals().success()).isEqualTo(6);
        assertThat(report.totals().differingRows()).isEqualTo(5);
    }

    @Test
    void aRowHasOneHashOnBothSides() throws SQLException {
        source(
                "CREATE TABLE a (id BIGINT PRIMARY KEY, u BIGINT UNSIGNED, small TINYINT, y YEAR, z INT(6) ZEROFILL, d DECIMAL(20,5),"
                        + " v VARCHAR(40), latin VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german1_ci, c CHAR(5), t LONGTEXT, b BINARY(3), bl LONGBLOB, day DATE, tm TIME(3), ts TIMESTAMP(6) NULL,"
                        + " dt DATETIME(2), whole DATETIME, bits BIT(11), many BIT(64), e ENUM('small','Big'), s SET('a','b'))",
                "INSERT INTO a VALUES (-1, 18446744073709551615, -128, 1901, 42, -0.5, 'a|b:  ', 'ü', 'a ', REPEAT('ö', 100000), x'00ff00', x'', '1000-01-01',"
                        + " '23:59:59.120', '1970-01-01 00:00:01.000001', '9999-12-31 23:59:59.99', '2024-02-29 10:00:00', b'101', b'1', 'Big', 'a,b')",
                "INSERT INTO a VALUES (2, 0, 0, 2155, 999999, 123456789012345.00000, '', '', '', '', x'000000', x'5c78', '0001-01-01',"
                        + " '00:00:00', '2038-01-19 03:14:07', '2024-01-01 00:00:00.10', '1000-01-01', b'0', b'1111', 'small', '')",
                "INSERT INTO a (id) VALUES (3)",
                "INSERT INTO a (id, v, t, dt) VALUES (4, '\\\\ '' \" \uD83D\uDE00', 'NULL', '2024-01-01 00:00:00.00')");
        target("CREATE TYPE size AS ENUM ('Big', 'small');"
                + "CREATE TABLE a (id BIGINT PRIMARY KEY, u NUMERIC(20), small INT2, y INT2, z INT, d NUMERIC(20,5), v VARCHAR(40), latin VARCHAR(40), c CHAR(5), t TEXT, b BYTEA, bl BYTEA,"
                + " day DATE, tm TIME(3), ts TIMESTAMPTZ, dt TIMESTAMP(2), whole TIMESTAMP, bits BIT(11), many BIT(64), e size, s TEXT);"
                + "INSERT INTO a VALUES (-1, 18446744073709551615, -128, 1901, 42, -0.5, 'a|b:  ', 'ü', 'a ', REPEAT('ö', 100000), '\\x00ff00', '\\x', '1000-01-01',"
                + " '23:59:59.120', '1970-01-01 00:00:01.000001Z', '9999-12-31 23:59:59.99', '2024-02-29 10:00:00', '00000000101', 1::bit(64), 'Big', 'a,b'),"
                + " (2, 0, 0, 2155, 999999, 123456789012345.00000, '', '', '', '', '\\x000000', '\\x5c78', '0001-01-01',"
                + " '00:00:00', '2038-01-19 03:14:07Z', '2024-01-01 00:00:00.10', '1000-01-01', '00000000000', 15::bit(64), 'small', '');"
                + "INSERT INTO a (id) VALUES (3);"
                + "INSERT INTO a (id, v, t, dt) VALUES (4, '\\ '' \" \uD83D\uDE00', 'NULL', '2024-01-01 00:00:00.00')");

        List<Column> ours = source.catalog().table(name("a")).orElseThrow().columns();
        List<Column> theirs = target.catalog().table(name("a")).orElseThrow().columns();
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ENCODING.covers(ours.get(i).type(), theirs.get(i).type()))
                    .describedAs(ours.get(i).name())
                    .isTrue();
        }
        List<String> hashes = hashes(source, ours, theirs);
        assertThat(hashes).hasSize(4).doesNotHaveDuplicates().allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        assertThat(hashes(target, theirs, ours)).isEqualTo(hashes);
    }

    private static List<String> hashes(Database database, List<Column> columns, List<Column> others)
            throws SQLException {
        List<RowColumn> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(new RowColumn(columns.get(i), others.get(i).type(), i == 0));
        }
        SqlNames names = new SqlNames(database.dialect());
        List<String> hashes = new ArrayList<>();
        try (Connection connection = ReadSession.open(database, Optional.empty());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + ENCODING.hash(names, ENCODING.row(names, all)) + " FROM a AS t ORDER BY id")) {
            while (row.next()) {
                hashes.add(row.getString(1));
            }
        }
        return hashes;
    }

    @Test
    void keysOfEveryKindAreCutAndRandomDifferencesFound() throws SQLException {
        long seed = Long.getLong("godwit.seed", System.nanoTime());
        Random random = new Random(seed);
        record Key(String table, String ours, String theirs, String oursOf, String theirsOf) {}
        List<Key> keys = List.of(
                new Key("ints", "k INT", "k INT", "%1$d", "%1$d"),
                new Key(
                        "bigs",
                        "k BIGINT UNSIGNED",
                        "k NUMERIC(20)",
                        "18446744073709551615 - %1$d",
                        "18446744073709551615 - %1$d"),
                new Key(
                        "words",
                        "k VARCHAR(40)",
                        "k TEXT",
                        "CONCAT(CHAR(97 + %1$d %% 26), 'Z', %1$d)",
                        "CHR(97 + %1$d %% 26) || 'Z' || %1$d"),
                new Key(
                        "points",
                        "k VARCHAR(40) COLLATE utf8mb4_0900_bin",
                        "k TEXT COLLATE \"C\"",
                        "CONCAT(IF(%1$d %% 2, 'a', 'B'), %1$d, '''')",
                        "CASE %1$d %% 2 WHEN 1 THEN 'a' ELSE 'B' END || %1$d || ''''"),
                new Key("bytes", "k BINARY(16)", "k BYTEA", "UNHEX(MD5('%1$d'))", "decode(md5('%1$d'), 'hex')"),
                new Key("days", "k DATE", "k DATE", "DATE'1980-01-01' + INTERVAL %1$d DAY", "DATE'1980-01-01' + %1$d"),
                new Key(
                        "times",
                        "k TIMESTAMP(6)",
                        "k TIMESTAMPTZ",
                        "TIMESTAMP'1980-01-01 00:00:00.000001' + INTERVAL %1$d HOUR",
                        "TIMESTAMPTZ'1980-01-01 00:00:00.000001Z' + %1$d * INTERVAL '1 hour'"),
                new Key(
                        "pairs",
                        "k INT, l VARCHAR(9)",
                        "k INT, l TEXT",
                        "%1$d %% 7, CONCAT('x', %1$d)",
                        "%1$d %% 7, 'x' || %1$d"));
        Map<String, Set<String>> planted = new TreeMap<>();
        for (Key key : keys) {
            String columns = key.ours().contains(",") ? "k, l" : "k";
            source("CREATE TABLE " + key.table() + " (" + key.ours() + ", n INT, v TEXT, PRIMARY KEY (" + columns
                    + "))");
            target("CREATE TABLE " + key.table() + " (" + key.theirs() + ", n INT, v TEXT, PRIMARY KEY (" + columns
                    + "))");
            List<String> here = new ArrayList<>();
            List<String> there = new ArrayList<>();
            Set<String> differences = new TreeSet<>();
            for (int i = 1; i <= 2_000; i++) {
                int fate = random.nextInt(40);
                if (fate != 0) {
                    here.add("(" + String.format(key.oursOf(), i) + ", " + i + ", 'v" + i + "')");
                }
                if (fate != 1) {
                    String value = fate == 2 ? "v" + i + " " : "v" + i;
                    there.add("(" + String.format(key.theirsOf(), i) + ", " + i + ", '" + value + "')");
                }
                if (fate <= 2) {
                    differences.add(List.of("extraneous row", "missing row", "mismatching row value")
                                    .get(fate) + " " + i);
                }
            }
            source("INSERT INTO " + key.table() + " VALUES " + String.join(", ", here));
            target("INSERT INTO " + key.table() + " VALUES " + String.join(", ", there) + "; ANALYZE");
            planted.put(key.table(), differences);
        }
        Map<String, Map<String, String>> numbers = numbers(planted.keySet());
        for (CompareSettings settings :
                List.of(SMALL_RANGES, SMALL_RANGES.with(Method.FULL), CompareSettings.DEFAULTS)) {
            Map<String, Set<String>> found = new TreeMap<>();
            planted.keySet().forEach(table -> found.put(table, new ConcurrentSkipListSet<>()));
            Map<TableName, List<Map<String, String>>> differing = new ConcurrentHashMap<>();
            VerifyReport report = VerifyJob.run(request().with(settings), new VerifyListener() {
                @Override
                public void rowDiffers(TableName table, RowDifference difference) {
                    differing
                            .computeIfAbsent(table, name -> new CopyOnWriteArrayList<>())
                            .add(difference.key());
                    found.get(table.name())
                            .add(difference.kind().words() + " "
                                    + numbers.get(table.name())
                                            .get(difference.key().values().toString()));
                }
            });
            assertThat(found)
                    .describedAs("-Dgodwit.seed=%d, %s", seed, settings)
                    .isEqualTo(planted);
            assertThat(report.structure()).isEmpty();
            new Repair(
                            target.catalog(),
                            Repair.tables(request().with(settings), source.catalog(), target.catalog(), differing))
                    .needed()
                    .forEach((table, needed) -> assertThat(needed)
                            .describedAs("rows of %s, read again by their keys", table)
                            .hasSameSizeAs(planted.get(table.name())));
            if (settings.equals(SMALL_RANGES)) {
                assertThat(report.tables())
                        .filteredOn(table ->
                                !List.of("words").contains(table.table().name()))
                        .allMatch(table ->
                                table.ranges() > 5 || table.table().name().equals("pairs"));
            }
        }
    }

    /** By key, from either side, the number from which it was made. */
    private static Map<String, Map<String, String>> numbers(Set<String> tables) throws SQLException {
        Map<String, Map<String, String>> numbers = new TreeMap<>();
        for (String table : tables) {
            Map<String, String> ofTable = new TreeMap<>();
            for (Database database : List.of(source, target)) {
                SqlNames names = new SqlNames(database.dialect());
                List<Column> key =
                        database.catalog().table(name(table)).orElseThrow().primaryKeyColumns();
                try (Connection connection = ReadSession.open(database, Optional.empty());
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT n, "
                                + new SelectSql(database.dialect()).texts(key) + " FROM " + table + " AS t")) {
                    assertThat(names.dialect()).isSameAs(database.dialect());
                    while (row.next()) {
                        List<String> texts = new ArrayList<>();
                        for (int i = 0; i < key.size(); i++) {
                            texts.add(row.getString(2 + i));
                        }
                        ofTable.put(texts.toString(), row.getString(1));
                    }
                }
            }
            numbers.put(table, ofTable);
        }
        return numbers;
    }

    @Test
    void keysThatTheCollationTakesForTheSameAreDifferentRows() throws SQLException {
        source(
                "CREATE TABLE a (k VARCHAR(10) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)",
                "INSERT INTO a VALUES ('a', 1), ('b ', 2), ('\u00e9', 3), ('z', 4)");
        target("CREATE TABLE a (k VARCHAR(10) PRIMARY KEY, v INT);"
                + " INSERT INTO a VALUES ('A', 1), ('b', 2), ('e', 3), ('z', 4)");
        for (Method method : List.of(Method.CHECKSUM, Method.FULL)) {
            VerifyReport report =
                    VerifyJob.run(request().with(CompareSettings.DEFAULTS.with(method)), VerifyListener.SILENT);
            assertThat(report.totals()).isEqualTo(new RowCounts(4, 1, 0, 3, 0, 3, 0));
            assertThat(report.warnings())
                    .extracting(Object::toString)
                    .anyMatch(warning -> warning.startsWith(
                            "public.a.k: key is ordered as in collation utf8mb4_general_ci on the source and "));
        }
    }

    @Test
    void warnsOfDefaultsChecksKeysAndIndexesThatOneSideLacks() throws SQLException {
        source(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n DECIMAL(10,2) DEFAULT 1.50, w VARCHAR(9) DEFAULT 'it''s', at DATETIME DEFAULT CURRENT_TIMESTAMP,"
                        + " x INT DEFAULT 7, u INT UNIQUE, p INT, CHECK (n > 0), KEY by_n (n, x DESC),"
                        + " FOREIGN KEY (p) REFERENCES p (id))",
                "INSERT INTO a (id) VALUES (41)");
        target("CREATE TABLE p (id INT PRIMARY KEY);"
                + " CREATE TABLE a (id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n NUMERIC(10,2) DEFAULT 1.50, w VARCHAR(9) DEFAULT 'it''s',"
                + " at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, x INT, u INT, p INT);"
                + " INSERT INTO a (id, at, x) VALUES (41, '2020-01-01', 7)");
        List<String> warnings = VerifyJob.run(request(), VerifyListener.SILENT).warnings().stream()
                .map(Object::toString)
                .toList();
        assertThat(warnings)
                .contains(
                        "public.a.x: has a default on the source only: 7",
                        "public.a: unique key on the source only: (u)",
                        "public.a: check on the source only: n>0",
                        "public.a: index on the source only: (n, x DESC)",
                        "public.a: foreign key on the source only: (p) to (id) of public.p")
                .anyMatch(warning -> warning.startsWith("public.a.id: its sequence on the target stands at 1"))
                .noneMatch(warning -> warning.startsWith("public.a.n:")
                        || warning.startsWith("public.a.w:")
                        || warning.startsWith("public.a.at:"));
    }

    @Test
    void manyRangesShareTheFewConnectionsOfOneSnapshotAndAreRecorded() throws SQLException {
        source(
                "CREATE TABLE a (id INT PRIMARY KEY, v INT)",
                "INSERT INTO a WITH RECURSIVE i AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM i WHERE n < 900) SELECT n, n FROM i");
        target(
                "CREATE TABLE a (id INT PRIMARY KEY, v INT); INSERT INTO a SELECT i, i FROM generate_series(1, 900) i; ANALYZE");
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Connection connection = ReadSession.open(source, Optional.empty());
            connection.createStatement().executeQuery("SELECT * FROM a").close();
            connections.add(connection);
        }
        String snapshot = MysqlSnapshots.offer(connections);
        source("UPDATE a SET v = 0", "DELETE FROM a WHERE id > 100");
        try {
            VerifyRequest request = new VerifyRequest(
                            source, target, request().pairs(), 8, 1000, 10, Optional.of(snapshot), Optional.empty())
                    .with(SMALL_RANGES.withState(directory.resolve("state")));
            VerifyReport report = VerifyJob.run(request, VerifyListener.SILENT);
            assertThat(report.isEqual()).isTrue();
            assertThat(report.totals().truthRows()).isEqualTo(900);
            assertThat(report.tables().get(0).ranges()).isGreaterThan(5);
            assertThat(MysqlSnapshots.isAlive(snapshot)).isTrue();
            assertThat(VerifyJob.run(request, VerifyListener.SILENT).totals())
                    .as("what was recorded")
                    .isEqualTo(report.totals());
        } finally {
            MysqlSnapshots.close(snapshot);
        }
    }

    @Test
    void aRowTooLargeForMysqlToHashIsFetchedAndCompared() throws SQLException {
        source(
                "CREATE TABLE a (id INT PRIMARY KEY, b LONGBLOB)",
                "INSERT INTO a SELECT n, REPEAT('x', 40000000) FROM (SELECT 1 AS n UNION ALL SELECT 2) AS two");
        target(
                "CREATE TABLE a (id INT PRIMARY KEY, b BYTEA);"
                        + " INSERT INTO a VALUES (1, convert_to(repeat('x', 40000000), 'UTF8')), (2, convert_to(repeat('x', 39999999) || 'y', 'UTF8'))");
        VerifyReport report = VerifyJob.run(request(), VerifyListener.SILENT);
        assertThat(report.totals()).isEqualTo(new RowCounts(2, 1, 0, 0, 1, 0, 0));
    }

    private static TableName name(String table) {
        return new TableName("public", table);
    }
}

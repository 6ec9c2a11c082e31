package dev.godwit.fetch.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.fetch.Contents;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.MysqlEnvironment;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.schema.TypeMapFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target's tables made from MySQL's, and what is left out run afterwards. */
class MysqlRecreateTest {
    @TempDir
    private Path directory;

    private static Database source(String... statements) throws SQLException {
        Database source = new MysqlEnvironment().create().source;
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return source;
    }

    private FetchRequest request(Database source, TestDatabases databases, TypeMapFile typeMap, String... tables) {
        return FetchRequest.builder(source, databases.target)
                .slices(List.of(tables).stream()
                        .map(table -> new TableSlice(new TableName("public", table), Optional.empty()))
                        .toList())
                .tableOptions(new TableOptions(
                        TableHandling.DROP_ON_TARGET_AND_RECREATE,
                        typeMap,
                        Optional.of(directory.resolve("left-out.sql")),
                        false,
                        TableOptions.Purpose.REPLICATION,
                        TableOptions.Sequences.NONE))
                .build();
    }

    @Test
    void tablesAreMadeLoadedAndFinishedByTheFile() throws Exception {
        Database source = source(
                "CREATE TABLE customer (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL DEFAULT 'it''s',"
                        + " mood ENUM('ok','c,d') NOT NULL DEFAULT 'ok', balance DECIMAL(12,2) DEFAULT 1.50, seen TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3),"
                        + " raw VARBINARY(9), doc JSON, UNIQUE KEY by_name (name), KEY by_mood (mood, balance), KEY part (name(3)), CHECK (balance > 0))",
                "CREATE TABLE purchase (customer INT UNSIGNED, no BIGINT UNSIGNED, note TEXT, PRIMARY KEY (customer, no),"
                        + " CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customer (id))",
                "INSERT INTO customer (id, name, raw, doc) VALUES (7, 'a', x'00ff', '{}'), (4000000000, 'b', NULL, NULL)",
                "INSERT INTO purchase VALUES (7, 18446744073709551615, 'n')");
        TestDatabases databases = TestDatabases.create();
        databases.onTarget("CREATE TABLE purchase (old int)");

        FetchJob.run(request(source, databases, TypeMapFile.NONE, "customer", "purchase"), new FetchListener() {});
        String leftOut = Files.readString(directory.resolve("left-out.sql"));
        databases.onTarget(leftOut);

        assertThat(TestDatabases.rows(
                        databases.target, "SELECT id, name, mood::text, balance, raw, doc FROM customer ORDER BY id"))
                .containsExactly("7|a|ok|1.50|\\x00ff|{}", "4000000000|b|ok|1.50|null|null");
        assertThat(TestDatabases.rows(databases.target, "SELECT * FROM purchase"))
                .containsExactly("7|18446744073709551615|n");
        assertThat(
                        TestDatabases.rows(
                                databases.target,
                                "INSERT INTO customer DEFAULT VALUES RETURNING id, name, mood::text, balance, seen IS NOT NULL"))
                .containsExactly("4000000001|it's|ok|1.50|t");
        assertThatThrownBy(() -> databases.onTarget("INSERT INTO customer (name) VALUES ('a')"))
                .hasMessageContaining("customer_by_name");
        assertThatThrownBy(() -> databases.onTarget("INSERT INTO purchase VALUES (8, 1, '')"))
                .hasMessageContaining("of_customer");
        assertThat(TestDatabases.rows(
                        databases.target, "SELECT indexdef FROM pg_indexes WHERE indexname = 'customer_by_mood'"))
                .singleElement()
                .asString()
                .contains("(mood, balance)");
        assertThat(leftOut).contains("-- index part of", "-- check ");
        // Again, over tables that are there.
        FetchJob.run(request(source, databases, TypeMapFile.NONE, "customer", "purchase"), new FetchListener() {});
        assertThat(TestDatabases.rows(databases.target, "SELECT count(*) FROM customer"))
                .containsExactly("2");
    }

    @Test
    void aTypeMapFileDecidesTheTypes() throws Exception {
        Database source =
                source("CREATE TABLE t (id INT PRIMARY KEY, mood ENUM('ok'))", "INSERT INTO t VALUES (1, 'ok')");
        Path file = Files.writeString(
                directory.resolve("types.json"),
                "[{\"table\": \"public.t\", \"column_type_map\": [{\"column\": \"mood\", \"source_type\": \"enum\", \"crdb_type\": \"TEXT\"}]}]");
        TestDatabases databases = TestDatabases.create();

        FetchJob.run(request(source, databases, TypeMapFile.read(file), "t"), new FetchListener() {});

        assertThat(TestDatabases.rows(databases.target, "SELECT mood, pg_typeof(mood) FROM t"))
                .containsExactly("ok|text");
    }

    /** Texts hold what the dictionary escapes twice. */
    @Test
    void computedColumnsAreComputedOnTheTargetToo() throws Exception {
        Database source = source(
                "CREATE TABLE `t` (id INT PRIMARY KEY, `A``b\"c` INT, s SMALLINT, big BIGINT, u BIGINT UNSIGNED, d DECIMAL(30,10),"
                        + " word VARCHAR(40), code CHAR(4), body LONGTEXT,"
                        + " twice BIGINT AS (`a``b\"c` * 2) VIRTUAL,"
                        + " mixed DECIMAL(40,10) AS (-(d) + s * 3 - u) STORED,"
                        + " rounded DECIMAL(12,2) AS (d * 1.005) STORED,"
                        + " wide BIGINT UNSIGNED AS (u + `A``b\"c` - 1) VIRTUAL,"
                        + " lowest BIGINT AS (COALESCE(big, s, 0)) STORED NOT NULL,"
                        + " label VARCHAR(200) AS (CONCAT(word, 'it''s \\\\ \"q\" \\n\\r\\t%?', code, '|')) STORED,"
                        + " plain TEXT AS (IFNULL(body, CONCAT(word))) VIRTUAL,"
                        + " copy VARCHAR(40) AS (word) VIRTUAL, KEY by_label (label))",
                "INSERT INTO t (id, `A``b\"c`, s, big, u, d, word, code, body) VALUES"
                        + " (1, 2147483647, -32768, 9223372036854775807, 18446744073709551615 - 2147483647, 1234567890.0123456789, 'wörd ', 'ab', NULL),"
                        + " (2, 7, 2, NULL, 9, 0.4975124378, '', '', 'x\\\\y'),"
                        + " (3, NULL, NULL, NULL, NULL, -1.0, NULL, NULL, NULL),"
                        + " (4, -2147483648, 0, NULL, 9223372036854775808, -1.0, '🦅', 'a b ', 'b')");
        TestDatabases databases = TestDatabases.create();

        FetchJob.run(request(source, databases, TypeMapFile.NONE, "t"), new FetchListener() {});

        TableName table = new TableName("public", "t");
        assertThat(TestDatabases.rows(
                        databases.target,
                        "SELECT twice, mixed, rounded, wide, lowest, plain, copy FROM t WHERE id = 1"))
                .containsExactly("4294967294|-18446744072796734162.0123456789|1240740729.46|18446744073709551614|"
                        + "9223372036854775807|wörd |wörd ");
        assertThat(TestDatabases.rows(databases.target, "SELECT label FROM t WHERE id = 2"))
                .containsExactly("it's \\ \"q\" \n\r\t%?|");
        assertThat(TestDatabases.rows(
                        databases.target, "SELECT twice, label, plain, lowest, rounded FROM t WHERE id = 3"))
                .containsExactly("null|null|null|0|-1.01");
        assertThat(Contents.of(databases.target, table)).isEqualTo(Contents.of(source, table));
        databases.onTarget(
                Files.readString(directory.resolve("left-out.sql")), "UPDATE t SET \"A`b\"\"c\" = 5 WHERE id = 2");
        assertThat(TestDatabases.rows(databases.target, "SELECT twice, wide FROM t WHERE id = 2"))
                .containsExactly("10|13");
        assertThatThrownBy(() -> databases.onTarget("UPDATE t SET twice = 1")).hasMessageContaining("twice");
    }

    @Test
    void expressionsThatAreNotSureToMeanTheSameAreRefusedWithTheReason() throws Exception {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("INT AS (n DIV 2)", "DIV");
        reasons.put("DECIMAL(20,4) AS (n / 2)", "/");
        reasons.put("INT AS (n % 2)", "%");
        reasons.put("INT AS (n > 2)", ">");
        reasons.put("DOUBLE AS (n + 1e0)", "a number that is no plain decimal one");
        reasons.put("DECIMAL(20,4) AS (n + f)", "column \"f\", whose type is float");
        reasons.put("INT AS (d + 0)", "a decimal number becomes an integer");
        reasons.put("DECIMAL(65,30) AS (wide * wide)", "which MySQL may round");
        reasons.put("VARCHAR(9) AS (UPPER(w))", "the function upper");
        reasons.put("VARCHAR(9) AS (n)", "a number becomes a text");
        reasons.put("VARCHAR(20) AS (CONCAT(w, n))", "a number becomes a text");
        reasons.put("INT AS (w)", "a text becomes a number");
        reasons.put("INT AS (w + 1)", "a text is counted with");
        reasons.put("CHAR(9) AS (w)", "its type is char(9)");
        reasons.put("DATE AS (day)", "column \"day\", whose type is date");
        reasons.put("INT AS (YEAR(day))", "the function year");
        reasons.put("VARCHAR(99) AS (doc->>'$.a')", "the function json_unquote");
        reasons.put("INT AS (IF(n, 1, 2))", "the function if");
        reasons.put("INT AS (n + y)", "column \"y\", whose type is year");
        reasons.put("BIGINT AS (one + 1)", "column \"one\", which is computed itself");
        reasons.put("VARCHAR(20) AS (CONCAT(w, 'é'))", "a character beyond ASCII");
        reasons.put("VARCHAR(20) AS (CONCAT(w, '🦅'))", "a character beyond ASCII");
        reasons.put("VARCHAR(20) AS (CONCAT(w, _latin1 x'e9'))", "");
        reasons.put("VARCHAR(20) AS (CONCAT(w, _latin1'é'))", "a character beyond ASCII");
        reasons.put("VARCHAR(20) AS (CONCAT(w, _sjis'a'))", "a text in the character set sjis");
        reasons.put("VARCHAR(20) AS (CONCAT(w, x'41'))", "");
        List<String> columns = new ArrayList<>();
        reasons.keySet().forEach(column -> columns.add("c" + columns.size() + " " + column));
        Database source = source(
                "CREATE TABLE t (id INT PRIMARY KEY, n INT, d DECIMAL(5,2), wide DECIMAL(40,20), f FLOAT, w VARCHAR(9), day DATE,"
                        + " y YEAR, doc JSON, one INT AS (n + 1), " + String.join(", ", columns) + ")");

        List<String> told = assertThatThrownBy(() -> FetchJob.run(
                        request(source, TestDatabases.create(), TypeMapFile.NONE, "t"), new FetchListener() {}))
                .isInstanceOf(RefusedException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .actual()
                .lines()
                .toList();
        int number = 0;
        for (String reason : reasons.values()) {
            String column = "column \"c" + number++ + "\" of table public.t is computed by ";
            assertThat(told).anySatisfy(line -> assertThat(line)
                    .contains(column)
                    .containsPattern("which is not sure to mean the same on the target: .*" + Pattern.quote(reason)));
        }
        assertThat(told).noneMatch(line -> line.contains("\"one\" of table public.t is computed by"));
    }

    @Test
    void whatIsComputedOfAColumnThatIsMappedOrIsAKeyIsRefused() throws Exception {
        Database source =
                source("CREATE TABLE t (n INT, k INT AS (n + 1) STORED, more INT AS (n + 2), PRIMARY KEY (k))");
        TypeMapFile types = TypeMapFile.read(
                Files.writeString(
                        directory.resolve("types.json"),
                        "[{\"table\": \"public.t\", \"column_type_map\": [{\"column\": \"n\", \"source_type\": \"int\", \"crdb_type\": \"TEXT\"}]}]"));
        assertThatThrownBy(
                        () -> FetchJob.run(request(source, TestDatabases.create(), types, "t"), new FetchListener() {}))
                .hasMessageContaining("the column is part of the primary key")
                .hasMessageContaining("the primary key of table public.t has the computed column \"k\"")
                .hasMessageContaining("column \"n\", to which the type map gives another type");
    }

    @Test
    void computedColumnsAndForeignKeysFromOutsideAreRefusedBeforeAnythingIsDropped() throws Exception {
        Database source = source(
                "CREATE TABLE t (id INT PRIMARY KEY, half INT AS (id DIV 2) STORED)", "INSERT INTO t (id) VALUES (1)");
        TestDatabases databases = TestDatabases.create();
        databases.onTarget(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE TABLE outside (id int PRIMARY KEY, t int REFERENCES t)",
                "INSERT INTO t VALUES (9)");

        assertThatThrownBy(
                        () -> FetchJob.run(request(source, databases, TypeMapFile.NONE, "t"), new FetchListener() {}))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"half\"")
                .hasMessageContaining("(`id` DIV 2)")
                .hasMessageContaining("public.outside");
        assertThat(TestDatabases.rows(databases.target, "SELECT id FROM t")).containsExactly("9");
    }
}

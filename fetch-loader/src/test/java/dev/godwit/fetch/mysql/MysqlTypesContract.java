package dev.godwit.fetch.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every type of MySQL arrives as it was, or is refused; whatever the server's time zone and character sets are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MysqlTypesContract {
    private static final TableName TABLE = new TableName("public", "t");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Type(String mysql, String target, String... values) {}

    /** Literals in the order value, text that the target then shows, and so on. */
    private static final List<Type> TYPES = List.of(
            new Type("TINYINT", "INT2", "-128", "-128", "127", "127"),
            new Type("TINYINT(1)", "INT2", "2", "2", "-1", "-1"),
            new Type("TINYINT UNSIGNED", "INT2", "255", "255"),
            new Type("SMALLINT UNSIGNED", "INT4", "65535", "65535"),
            new Type("MEDIUMINT", "INT4", "-8388608", "-8388608"),
            new Type("MEDIUMINT UNSIGNED", "INT4", "16777215", "16777215"),
            new Type("INT(10) ZEROFILL", "INT8", "42", "42", "4294967295", "4294967295"),
            new Type("BIGINT", "INT8", "-9223372036854775808", "-9223372036854775808"),
            new Type(
                    "BIGINT UNSIGNED",
                    "DECIMAL(20)",
                    "18446744073709551615",
                    "18446744073709551615",
                    "9223372036854775808",
                    "9223372036854775808"),
            new Type(
                    "DECIMAL(65,30)",
                    "DECIMAL(65,30)",
                    "12345678901234567890123456789012345.123456789012345678901234567890",
                    "12345678901234567890123456789012345.123456789012345678901234567890",
                    "-0.000000000000000000000000000001",
                    "-0.000000000000000000000000000001"),
            new Type("FLOAT", "FLOAT4", "0.1", "0.1", "3e38", "3e+38", "16777216", "1.6777216e+07"),
            new Type(
                    "DOUBLE",
                    "FLOAT8",
                    "0.1",
                    "0.1",
                    "1.7976931348623157e308",
                    "1.7976931348623157e+308",
                    "5e-324",
                    "5e-324",
                    "0.30000000000000004",
                    "0.30000000000000004"),
            new Type("BIT(1)", "BIT(1)", "b'1'", "1"),
            new Type("BIT(64)", "BIT(64)", "b'1' << 63", "1" + "0".repeat(63)),
            new Type("YEAR", "INT2", "1901", "1901", "2155", "2155", "0", "0"),
            new Type("DATE", "DATE", "'1000-01-01'", "1000-01-01", "'9999-12-31'", "9999-12-31"),
            new Type("TIME(6)", "TIME(6)", "'23:59:59.999999'", "23:59:59.999999", "'00:00'", "00:00:00"),
            new Type(
                    "DATETIME(6)",
                    "TIMESTAMP(6)",
                    "'2024-03-31 02:30:00.000001'",
                    "2024-03-31 02:30:00.000001",
                    "'9999-12-31 23:59:59.999999'",
                    "9999-12-31 23:59:59.999999"),
            // Written in the session's time zone, +00:00; the server's is -03:30.
            new Type(
                    "TIMESTAMP(3)",
                    "TIMESTAMPTZ(3)",
                    "'2024-10-27 00:30:00.123'",
                    "2024-10-27 00:30:00.123+00",
                    "'1970-01-01 00:00:01'",
                    "1970-01-01 00:00:01+00"),
            new Type("CHAR(5)", "CHAR(5)", "'ab '", "ab   ", "''", "     "),
            new Type("VARCHAR(20)", "VARCHAR(20)", "'ab '", "ab ", "''", "", "'\\\\N\\t\\n'", "\\N\t\n"),
            new Type("VARCHAR(20) CHARACTER SET latin1", "TEXT", "'Grüße €'", "Grüße €"),
            new Type("LONGTEXT", "TEXT", "'🦅 𝒳 Ğİıİ'", "🦅 𝒳 Ğİıİ", "REPEAT('x', 300000)", "x".repeat(300_000)),
            new Type("BINARY(4)", "BYTEA", "x'00FF'", "\\x00ff0000"),
            new Type("VARBINARY(8)", "BYTEA", "x'5C5C0A00'", "\\x5c5c0a00", "''", "\\x"),
            new Type("LONGBLOB", "BYTEA", "x'DEADBEEF'", "\\xdeadbeef"),
            new Type("ENUM('a','it''s','c,d')", "mood", "'it''s'", "it's", "'c,d'", "c,d"),
            new Type("SET('x','y','z')", "TEXT", "'z,x'", "x,z", "''", ""),
            new Type("JSON", "JSONB", "'{\"b\": [1.5, null], \"a\": \"🦅\"}'", "{\"a\": \"🦅\", \"b\": [1.5, null]}"));

    /** A new database on a server whose default time zone is -03:30, and whose character set is latin1. */
    abstract DatabaseUrl createDatabase(String name);

    /** A source, and an empty target with a table. */
    private final class Sides {
        private final Database source;
        private final TestDatabases target = TestDatabases.create();

        private Sides(String parameters, String sourceTable, String targetTable) throws SQLException {
            DatabaseUrl url = createDatabase("db" + System.nanoTime());
            source = Database.connect("source", DatabaseUrl.parse("source", url.withPassword() + parameters));
            onSource(sourceTable);
            target.onTarget("CREATE TYPE mood AS ENUM ('a', 'it''s', 'c,d')", targetTable);
        }

        private void onSource(String sql) throws SQLException {
            try (Connection connection = source.open();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        private FetchResult load() {
            return FetchJob.run(
                    FetchRequest.builder(source, target.target)
                            .slices(List.of(new TableSlice(TABLE, Optional.empty())))
                            .build(),
                    new FetchListener() {});
        }

        private List<String> shown(String sql) throws SQLException {
            return TestDatabases.rows(target.target, sql);
        }
    }

    @Test
    void everyTypeArrivesAsItWas() throws SQLException {
        List<String> here = new ArrayList<>();
        List<String> there = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            here.add("c" + i + " " + TYPES.get(i).mysql + " NULL");
            there.add("c" + i + " " + TYPES.get(i).target);
        }
        Sides sides = new Sides(
                "",
                "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, " + String.join(", ", here)
                        + ", twice INT GENERATED ALWAYS AS (c0 * 2) STORED) CHARACTER SET utf8mb4",
                "CREATE TABLE t (id INT4 PRIMARY KEY, " + String.join(", ", there)
                        + ", twice INT GENERATED ALWAYS AS (c0 * 2) STORED)");
        List<String> expected = new ArrayList<>();
        int rows = 0;
        for (int i = 0; i < TYPES.size(); i++) {
            String[] values = TYPES.get(i).values;
            for (int v = 0; v < values.length; v += 2) {
                sides.onSource("INSERT INTO t (c" + i + ") VALUES (" + values[v] + ")");
                expected.add(++rows + "|" + values[v + 1]);
            }
        }
        sides.onSource("INSERT INTO t (c1) VALUES (NULL)");

        assertThat(sides.load().rowsTotal()).isEqualTo(rows + 1L);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            String column = "c" + i;
            // Text of char(n) loses its blanks on the way to text.
            texts.add(
                    switch (TYPES.get(i).target) {
                        case "CHAR(5)" -> "rpad(" + column + "::text, 5)";
                        case "TIMESTAMPTZ(3)" -> "(" + column + " AT TIME ZONE 'UTC')::text || '+00'";
                        default -> column + "::text";
                    });
        }
        assertThat(sides.shown("SELECT id, coalesce(" + String.join(", ", texts) + ") FROM t WHERE id <= " + rows
                        + " ORDER BY id"))
                .isEqualTo(expected);
        assertThat(sides.shown("SELECT count(*) FROM t WHERE id = " + (rows + 1) + " AND coalesce("
                        + String.join(", ", texts) + ") IS NULL"))
                .containsExactly("1");
        assertThat(sides.shown("SELECT twice FROM t WHERE id = 1")).containsExactly("-256");
    }

    @Test
    void datesThatNoCalendarHasAreRefusedOrBecomeNull() throws SQLException {
        String table = "CREATE TABLE t (id INT PRIMARY KEY, d DATE, s TIMESTAMP NULL, v VARCHAR(5))";
        Sides refusing = new Sides("", table, table);
        Sides mapping = new Sides(
                "?zeroDateTimeBehavior=CONVERT_TO_NULL", table, table.replace("s TIMESTAMP", "s TIMESTAMPTZ"));
        for (Sides sides : List.of(refusing, mapping)) {
            sides.onSource("INSERT INTO t VALUES (1, '2024-02-29', '2024-02-29 12:00:00', 'a')");
            sides.onSource("INSERT INTO t VALUES (2, '0000-00-00', '0000-00-00 00:00:00', 'b')");
        }

        assertThat(mapping.load().rowsTotal()).isEqualTo(2);
        assertThat(mapping.shown("SELECT id, d, s AT TIME ZONE 'UTC', v FROM t ORDER BY id"))
                .containsExactly("1|2024-02-29|2024-02-29 12:00:00|a", "2|null|null|b");
        mapping.onSource("INSERT INTO t VALUES (3, '2024-00-10', NULL, 'c')");
        mapping.target.onTarget("TRUNCATE t");
        assertThatThrownBy(mapping::load).rootCause().hasMessageContaining("\"d\" holds 2024-00-10");
        assertThatThrownBy(refusing::load).hasMessageContaining("s");
    }

    @Test
    void timesBeyondADayArriveAsIntervalsWhereTheUserSaysSo() throws SQLException {
        Sides sides = new Sides(
                "?time=interval",
                "CREATE TABLE t (id INT PRIMARY KEY, v TIME(3))",
                "CREATE TABLE t (id INT PRIMARY KEY, v INTERVAL(3))");
        sides.onSource("INSERT INTO t VALUES (1, '-838:59:59'), (2, '838:59:58.999'), (3, '-00:00:00.001'), (4, '0')");

        assertThat(sides.load().rowsTotal()).isEqualTo(4);
        assertThat(sides.shown("SELECT v::text FROM t ORDER BY id"))
                .containsExactly("-838:59:59", "838:59:58.999", "-00:00:00.001", "00:00:00");
    }

    @Test
    void numbersArriveAsBooleansAndEnumsAsTextsWhereTheUserSaysSo() throws SQLException {
        Sides sides = new Sides(
                "?bool=*&string=t.e",
                "CREATE TABLE t (id INT, part INT, v TINYINT(1), e ENUM('a','b'), PRIMARY KEY (id, part))",
                "CREATE TABLE t (id INT, part INT, v BOOL, e TEXT, PRIMARY KEY (id, part))");
        sides.onSource("INSERT INTO t VALUES (1, 1, 1, 'a'), (2, 1, 0, 'b'), (3, 1, NULL, NULL)");

        assertThat(sides.load().rowsTotal()).isEqualTo(3);
        assertThat(sides.shown("SELECT id, v, e FROM t ORDER BY id")).containsExactly("1|t|a", "2|f|b", "3|null|null");

        sides.onSource("INSERT INTO t VALUES (4, 7, 2, 'a')");
        sides.target.onTarget("TRUNCATE t");
        assertThatThrownBy(sides::load)
                .hasMessageContaining("table public.t")
                .hasMessageContaining("\"v\" holds 2 in the row id = 4, part = 7");
        assertThat(sides.shown("SELECT count(*) FROM t")).containsExactly("0");
    }

    @Test
    void whatTheTargetCannotHoldStopsTheLoadAndNamesTheColumn() throws SQLException {
        String table = "CREATE TABLE t (id INT PRIMARY KEY, v TIME)";
        for (String value : List.of("-00:00:01", "25:00:00", "838:59:59")) {
            Sides sides = new Sides("", table, table);
            sides.onSource("INSERT INTO t VALUES (1, '" + value + "')");
            assertThatThrownBy(sides::load).as(value).rootCause().hasMessageContaining(value);
            assertThat(sides.shown("SELECT count(*) FROM t"))
                    .as("nothing of it is loaded")
                    .containsExactly("0");
        }
        Sides zero = new Sides(
                "", "CREATE TABLE t (id INT PRIMARY KEY, v TEXT)", "CREATE TABLE t (id INT PRIMARY KEY, v TEXT)");
        zero.onSource("INSERT INTO t VALUES (1, 'a\\0b')");
        assertThatThrownBy(zero::load).rootCause().hasMessageContaining("code 0");
        Sides place = new Sides(
                "", "CREATE TABLE t (id INT PRIMARY KEY, v POINT)", "CREATE TABLE t (id INT PRIMARY KEY, v TEXT)");
        assertThatThrownBy(place::load)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"v\"")
                .hasMessageContaining("does not carry");
    }
}

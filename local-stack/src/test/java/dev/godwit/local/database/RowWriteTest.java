package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.FailureClass;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The statements of the dialect, on a real server. */
@ExtendWith(SharedServer.class)
class RowWriteTest {
    private static Table table(Database database, String name) throws SQLException {
        return database.catalog().table(new TableName("public", name)).orElseThrow();
    }

    private static List<Column> columns(Table table, String... names) {
        return Stream.of(names).map(table::requireColumn).toList();
    }

    private static int upsert(Database database, Table table, String[]... rows) throws SQLException {
        try (Connection connection = database.open()) {
            return database.dialect().upsert(table, table.writableColumns()).execute(connection, List.of(rows));
        }
    }

    private static String[] row(String... values) {
        return values;
    }

    @Test
    void writesRowsWithCompositeKeysAndQuotedNames(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(
                server,
                "CREATE TABLE \"My \"\"T\"\"\" (\"a b\" text, \"Id\" int, \"select\" text, tags text[], note text DEFAULT 'd',"
                        + " PRIMARY KEY (\"Id\", \"a b\"))");
        Table table = table(database, "My \"T\"");
        assertThat(upsert(
                        database,
                        table,
                        row("eu", "1", "x'; --", "{\"a,b\",NULL,\"NULL\",\"q\\\"\"}", null),
                        row("us", "1", null, "{}", "")))
                .isEqualTo(2);
        assertThat(upsert(database, table, row("eu", "1", "y", "{{a,b},{c,d}}", "n"), row("eu", "2", "z", null, "n")))
                .isEqualTo(2);
        try (Connection connection = database.open()) {
            List<Column> some = columns(table, "select", "a b", "Id");
            assertThat(database.dialect()
                            .update(table, some)
                            .execute(connection, List.of(row("w", "us", "1"), row("w", "nowhere", "1"))))
                    .isEqualTo(1);
            RowFilter eu = RowFilter.parse("\"a b\" = 'eu' AND note IS NOT NULL", table);
            assertThat(database.dialect()
                            .delete(table, Optional.of(eu))
                            .execute(connection, List.of(row("2", "eu"), row("1", "us"), row("9", "eu"))))
                    .isEqualTo(1);
        }
        String all = "SELECT t::text FROM \"My \"\"T\"\"\" t ORDER BY t::text";
        assertThat(SharedServer.column(database, all))
                .containsExactly("(eu,1,y,\"{{a,b},{c,d}}\",n)", "(us,1,w,{},\"\")");
        try (Connection connection = database.open()) {
            assertThat(database.dialect()
                            .delete(table, Optional.empty())
                            .execute(connection, List.of(row("1", "eu"), row("1", "us"))))
                    .isEqualTo(2);
            assertThat(database.dialect().delete(table, Optional.empty()).execute(connection, List.of()))
                    .isZero();
        }
        assertThat(SharedServer.column(database, all)).isEmpty();
    }

    @Test
    void writesKeysOnly(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(server, "CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b))");
        Table table = table(database, "pair");
        assertThat(upsert(database, table, row("1", "2"), row("1", "3"))).isEqualTo(2);
        assertThat(upsert(database, table, row("1", "2"), row("1", "4"))).isEqualTo(1);
        assertThat(SharedServer.column(database, "SELECT count(*) FROM pair")).containsExactly("3");
    }

    @Test
    void writesIdentityKeysAndLeavesComputedColumnsToTheServer(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(
                server,
                "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int,"
                        + " twice int GENERATED ALWAYS AS (v * 2) STORED)");
        Table table = table(database, "numbered");
        upsert(database, table, row("700", "1"), row("800", "2"));
        upsert(database, table, row("700", "5"));
        assertThat(SharedServer.column(database, "SELECT t::text FROM numbered t ORDER BY id"))
                .containsExactly("(700,5,10)", "(800,2,4)");
    }

    /** Type, and values in the text form that the server itself gives. */
    private static final String[][] VALUES = {
        {"bool", "t", "f"},
        {"int2", "-32768"},
        {"int8", "9223372036854775807", "-9223372036854775808"},
        {"float4", "NaN", "-0", "1e-45", "3.4028235e+38"},
        {"float8", "Infinity", "5e-324", "0.1"},
        {"numeric", "NaN", "-Infinity", "1.5000", "123456789012345678901234567890.000000000000000001"},
        {"numeric(5,2)", "NaN", "999.99", "-0.10"},
        {"text", "", " ", "a\\b'c\"d,{}", "NULL", "😀\u0001\n\r\t", "\\x41"},
        {"varchar(3)", "ab ", "äöü"},
        {"char(5)", "ab   ", "     ", "abcde"},
        {"char", "x"},
        {"bytea", "\\x", "\\x00ff5c27"},
        {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        {"date", "infinity", "-infinity", "0044-03-15 BC", "12345-01-01"},
        {"time(3)", "24:00:00", "12:34:56.789"},
        {"timetz", "12:34:56.123456+05:30"},
        {"timestamp", "infinity", "0044-03-15 01:02:03.000001 BC"},
        {"timestamptz", "-infinity", "2024-03-31 01:30:00+00"},
        {"interval", "1 year 2 mons -3 days +04:05:06.789"},
        {"json", "{\"b\": 1,  \"a\": 1.50, \"a\": \"\\u0041\"}", "null", "\"x\""},
        {"jsonb", "{\"a\": 1.50}", "null", "[]"},
        {"inet", "10.1.2.3/8", "::1"},
        {"bit(3)", "101"},
        {"bit", "1"},
        {"varbit(5)", "10101", ""},
        {"varbit", "1010101010"},
        {"mood", "sad", "O'K"},
        {"mood[]", "{sad,NULL,O'K}"},
        {"code", "abc"},
        {"code[]", "{abc,NULL}"},
        {"codes", "{a,b}"},
        {"int4[]", "{}", "{1,NULL}", "{{1,2},{3,4}}", "[0:1]={7,8}"},
        {"bit(3)[]", "{101,000}"},
        {"char(3)[]", "{\"a  \",abc}"},
        {"numeric(5,2)[]", "{1.00,NaN}"},
        {"jsonb[]", "{\"{\\\"a\\\": 1}\",\"null\"}"},
        {"bytea[]", "{\"\\\\x00ff\"}"},
        {"timestamptz[]", "{\"2024-03-31 01:30:00+00\"}"},
    };

    @Test
    void writesEveryTypeWithoutChangingAValue(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(
                server,
                "CREATE TYPE mood AS ENUM ('sad', 'O''K')",
                "CREATE DOMAIN code AS varchar(3) CHECK (VALUE <> 'bad')",
                "CREATE DOMAIN codes AS varchar(3)[]");
        for (int i = 0; i < VALUES.length; i++) {
            String name = "t" + i;
            SharedServer.execute(
                    database,
                    "CREATE TABLE " + name + " (id int PRIMARY KEY, v " + VALUES[i][0] + ")",
                    "INSERT INTO " + name + " VALUES (" + (VALUES[i].length - 1) + ", NULL)");
            Table table = table(database, name);
            assertThat(table.requireColumn("v").type().isSupported())
                    .as(VALUES[i][0])
                    .isTrue();
            String[][] rows = new String[VALUES[i].length][];
            rows[0] = row("0", null);
            for (int value = 1; value < VALUES[i].length; value++) {
                rows[value] = row(Integer.toString(value), VALUES[i][value]);
            }
            upsert(database, table, rows);
            // A char(n) loses its blanks in a cast to text; its output function keeps them.
            String output =
                    "SELECT CASE WHEN v IS NULL THEN 'null!' ELSE format('%s', v) END FROM " + name + " ORDER BY id";
            assertThat(inUtc(database, output).subList(1, VALUES[i].length))
                    .as(VALUES[i][0])
                    .containsExactlyElementsOf(List.of(VALUES[i]).subList(1, VALUES[i].length));
            assertThat(SharedServer.column(database, "SELECT v IS NULL FROM " + name + " WHERE id = 0"))
                    .containsExactly("t");
            try (Connection connection = database.open()) {
                int updated = database.dialect()
                        .update(table, table.columns())
                        .execute(connection, List.<String[]>of(row("0", VALUES[i][1])));
                assertThat(updated).as(VALUES[i][0]).isOne();
            }
        }
    }

    /** The driver makes the time zone of the JVM that of the session. */
    private static List<String> inUtc(Database database, String query) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            return SharedServer.column(connection, query);
        }
    }

    @Test
    void refusesWhatAColumnDoesNotHoldInsteadOfCuttingIt(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(
                server, "CREATE TYPE mood AS ENUM ('sad')", "CREATE DOMAIN code AS varchar(3) CHECK (VALUE <> 'bad')");
        String[][] refused = {
            {"varchar(3)", "abcd"},
            {"char(3)", "abcd"},
            {"code", "abcd"},
            {"code", "bad"},
            {"varchar(3)[]", "{abcd}"},
            {"char(3)[]", "{abcd}"},
            {"code[]", "{abcd}"},
            {"bit(3)", "10"},
            {"bit(3)", "1011"},
            {"bit", "10"},
            {"varbit(3)", "1011"},
            {"bit(3)[]", "{1011}"},
            {"numeric(5,2)", "1000"},
            {"numeric(5,2)", "Infinity"},
            {"int2", "32768"},
            {"int4", "2147483648"},
            {"int8", "9223372036854775808"},
            {"int4", "1.5"},
            {"float4", "1e39"},
            {"mood", "SAD"},
            {"uuid", "x"},
            {"date", "2024-02-30"},
            {"jsonb", "{"},
            {"bool", "maybe"},
            {"int", null},
        };
        for (int i = 0; i < refused.length; i++) {
            String about = refused[i][0] + " with " + refused[i][1];
            SharedServer.execute(
                    database, "CREATE TABLE r" + i + " (id int PRIMARY KEY, v " + refused[i][0] + " NOT NULL)");
            Table table = table(database, "r" + i);
            String value = refused[i][1];
            SQLException failure =
                    catchThrowableOfType(SQLException.class, () -> upsert(database, table, row("1", value)));
            assertThat(SharedServer.column(database, "SELECT v FROM r" + i))
                    .as(about)
                    .isEmpty();
            assertThat((Throwable) failure).as(about).isNotNull();
            assertThat(database.dialect().classify(failure))
                    .as(about + ": " + failure)
                    .isEqualTo(FailureClass.BAD_ROW);
        }
    }

    @Test
    void writesThousandsOfRowsAtOnce(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(server, "CREATE TABLE many (id int PRIMARY KEY, a int, b text)");
        Table table = table(database, "many");
        String[][] rows = new String[20_000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(Integer.toString(i), Integer.toString(-i), "text " + i);
        }
        assertThat(upsert(database, table, rows)).isEqualTo(rows.length);
        assertThat(SharedServer.column(database, "SELECT count(*) FROM many WHERE a = -id AND b = 'text ' || id"))
                .containsExactly("20000");
    }
}

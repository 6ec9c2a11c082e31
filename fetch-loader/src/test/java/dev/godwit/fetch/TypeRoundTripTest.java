package dev.godwit.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

public class TypeRoundTripTest {
    /** Type and the literals of its values, edges first. */
    private static final String[][] TYPES = {
        {"boolean", "true", "false"},
        {"smallint", "-32768", "32767", "0"},
        {"integer", "-2147483648", "2147483647"},
        {"bigint", "-9223372036854775808", "9223372036854775807"},
        {"real", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "1.17549435e-38", "3.4028235e38", "0.1", "16777217"},
        {
            "double precision",
            "'NaN'",
            "'Infinity'",
            "'-0'",
            "5e-324",
            "1.7976931348623157e308",
            "0.1",
            "0.30000000000000004"
        },
        {
            "numeric",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "1.10",
            "0.000000000000000000000000000001",
            "12345678901234567890123456789.5"
        },
        {"numeric(12,2)", "9999999999.99", "-0.01", "5"},
        {
            "text",
            "''",
            "'\\N'",
            "E'tab\\there'",
            "E'line\\nfeed'",
            "E'carriage\\r\\nreturn'",
            "E'back\\\\slash'",
            "'\\.'",
            "'quote \" and '' and , and ;'",
            "'🦅 Grüße Ğİıİ 𝒳'",
            "E'\\b\\f\\v\\x01\\x7f'",
            "' blanks '",
            "repeat('x', 3000000)"
        },
        {"character varying(8)", "''", "'abc '", "'12345678'"},
        {"char(5)", "'ab'", "'12345'", "''"},
        {"bytea", "''", "'\\x00'", "'\\x5c5c0a0d09'", "'\\xdeadbeefff'"},
        {"uuid", "'00000000-0000-0000-0000-000000000000'", "'FFFFFFFF-ffff-ffff-ffff-ffffffffffff'"},
        {"date", "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'0001-12-31 BC'", "'5874897-12-31'", "'2024-02-29'"},
        {"time", "'00:00'", "'24:00:00'", "'23:59:59.999999'"},
        {"time with time zone", "'00:00+15:59'", "'24:00:00-15:59'", "'12:34:56.789+05:30:15'"},
        {
            "timestamp",
            "'infinity'",
            "'-infinity'",
            "'4713-01-01 00:00 BC'",
            "'294276-12-31 23:59:59.999999'",
            "'2024-03-31 02:30:00'",
            "'1969-12-31 23:59:59.999999'"
        },
        {
            "timestamp with time zone",
            "'infinity'",
            "'4713-01-02 00:00 BC'",
            "'2024-10-27 02:30:00.000001+01'",
            "'1883-11-18 12:03:57.9-05'",
            "'294276-12-31 23:59:59.999999Z'"
        },
        {
            "interval",
            "'0'",
            "'1 year 2 months -3 days 04:05:06.789'",
            "'-1 days +02:03:04'",
            "'178000000 years'",
            "'-0.000001 seconds'"
        },
        {"json", "'{\"b\" : 1,  \"a\":[1.10, null], \"b\":2}'", "'null'", "'\"\\\\u00e9\\\\n\"'"},
        {"jsonb", "'{\"b\" : 1, \"a\":[1.10, null, 1e400]}'", "'null'", "'\"tab\\\\t\\\\\\\\\"'"},
        {"inet", "'10.1.2.3'", "'10.1.2.0/24'", "'::ffff:1.2.3.4/128'", "'2001:db8::1/64'"},
        {"bit(5)", "B'10101'", "B'00000'"},
        {"bit varying", "B''", "B'1'", "B'101010101010101010101'"},
        {"mood", "'ok'", "'very, \"happy\" \\ {x}'", "''"},
        {"positive", "1", "2147483647"},
        {"integer[]", "'{}'", "'{1,NULL,-3}'", "'{{1,2},{3,4}}'", "'[0:1]={7,8}'"},
        {"text[]", "'{}'", "array['', NULL, 'NULL', 'a,b', '\"', '\\', E'\\n\\t', '{}', '🦅']"},
        {"timestamp with time zone[]", "array['infinity', '2024-10-27 02:30:00.000001+01'::timestamptz]"},
        {"bytea[]", "array['\\x00ff5c'::bytea, NULL, '']"},
        {"interval[]", "array['1 mon -1 days'::interval]"},
        {"mood[]", "array['ok', 'very, \"happy\" \\ {x}', NULL]::mood[]"},
    };

    @Test
    void everyTypeArrivesAsItWasWhateverTheServersAreSetTo() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TYPE mood AS ENUM ('ok', 'very, \"happy\" \\ {x}', '')",
                "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)");
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            columns.add("c" + i + " " + TYPES[i][0]);
        }
        String create = "CREATE TABLE every_type (id serial PRIMARY KEY, " + String.join(", ", columns) + ")";
        databases.onSource(create);
        databases.onTarget(create);
        for (int i = 0; i < TYPES.length; i++) {
            for (int value = 1; value < TYPES[i].length; value++) {
                databases.onSource("INSERT INTO every_type (c" + i + ") VALUES (" + TYPES[i][value] + ")");
            }
        }
        databases.onSource("INSERT INTO every_type DEFAULT VALUES"); // NULL in every column
        configure(databases.source, "German", "iso_8601", "escape", "Asia/Kolkata");
        configure(databases.target, "SQL, DMY", "sql_standard", "escape", "America/St_Johns");

        FetchResult result = databases.load(TestDatabases.all("public.every_type"));

        assertThat(result.rowsTotal()).isGreaterThan(100);
        String everything = everything(columns.size());
        List<String> expected = pinned(databases.source, everything);
        assertThat(pinned(databases.target, everything))
                .hasSize((int) result.rowsTotal())
                .isEqualTo(expected);
    }

    private static void configure(Database database, String dates, String intervals, String bytes, String zone)
            throws SQLException {
        String name = TestDatabases.one(database, "SELECT current_database()");
        TestDatabases.execute(
                database,
                "ALTER DATABASE " + name + " SET DateStyle = '" + dates + "'",
                "ALTER DATABASE " + name + " SET IntervalStyle = '" + intervals + "'",
                "ALTER DATABASE " + name + " SET bytea_output = '" + bytes + "'",
                "ALTER DATABASE " + name + " SET TimeZone = '" + zone + "'",
                "ALTER DATABASE " + name + " SET extra_float_digits = 0",
                "ALTER DATABASE " + name + " SET statement_timeout = '15min'");
    }

    /** Compared in binary form too: it does not pass through the text that the load uses. */
    private static String everything(int columns) {
        StringBuilder sql = new StringBuilder("SELECT id");
        for (int i = 0; i < columns; i++) {
            String column = "c" + i;
            String binary =
                    TYPES[i][0].equals("mood") || TYPES[i][0].equals("mood[]") ? "NULL" : binary(TYPES[i][0], column);
            sql.append(", md5(").append(column).append("::text), ").append(binary);
        }
        return sql.append(" FROM every_type ORDER BY id").toString();
    }

    private static String binary(String type, String column) {
        return switch (type) {
            case "real" -> "encode(float4send(" + column + "), 'hex')";
            case "double precision" -> "encode(float8send(" + column + "), 'hex')";
            case "numeric", "numeric(12,2)" -> "encode(numeric_send(" + column + "), 'hex')";
            case "text" -> "md5(textsend(" + column + "))";
            case "bytea" -> "encode(" + column + ", 'hex')";
            case "timestamp" -> "encode(timestamp_send(" + column + "), 'hex')";
            case "timestamp with time zone" -> "encode(timestamptz_send(" + column + "), 'hex')";
            case "time with time zone" -> "encode(timetz_send(" + column + "), 'hex')";
            case "interval" -> "encode(interval_send(" + column + "), 'hex')";
            case "date" -> "encode(date_send(" + column + "), 'hex')";
            case "inet" -> "encode(inet_send(" + column + "), 'hex')";
            case "jsonb" -> "encode(jsonb_send(" + column + "), 'hex')";
            case "integer[]", "text[]", "bytea[]", "interval[]", "timestamp with time zone[]" ->
                "encode(array_send(" + column + "), 'hex')";
            default -> "NULL";
        };
    }

    private static List<String> pinned(Database database, String sql) throws SQLException {
        String name = TestDatabases.one(database, "SELECT current_database()");
        TestDatabases.execute(database, "ALTER DATABASE " + name + " RESET ALL");
        return TestDatabases.rows(database, sql);
    }

    @Test
    void namesOfAnyKindAreQuoted() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE SCHEMA \"Select 'x'\"",
                "CREATE TABLE \"Select 'x'\".\"or\"\"der table\" (\"Id \"\"1\"\"\" int PRIMARY KEY, \"group\" text, \"ı\" text)");
        databases.onSource(
                "INSERT INTO \"Select 'x'\".\"or\"\"der table\" SELECT i, 'g' || i, 'ı' FROM generate_series(1, 3) i");

        databases.load(TestDatabases.all("Select 'x'.or\"der table"));

        assertThat(TestDatabases.rows(databases.target, "SELECT * FROM \"Select 'x'\".\"or\"\"der table\" ORDER BY 1"))
                .containsExactly("1|g1|ı", "2|g2|ı", "3|g3|ı");
    }

    @Test
    void computedColumnsAreLeftToTheTargetAndIdentitiesAreKept() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        databases.onSource(
                "CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, price numeric, tax numeric"
                        + " GENERATED ALWAYS AS (price * 2) STORED, note text)",
                "INSERT INTO item (price, note) VALUES (1.5, 'a'), (2.5, NULL)",
                "DELETE FROM item WHERE id = 1");
        // Columns of the target may stand in another order.
        databases.onTarget(
                "CREATE TABLE item (note text, tax numeric GENERATED ALWAYS AS (price * 2) STORED, price numeric,"
                        + " id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");

        databases.load(TestDatabases.all("public.item"));

        assertThat(TestDatabases.rows(databases.target, "SELECT id, price, tax, note FROM item"))
                .containsExactly("2|2.5|5.0|null");
    }
}

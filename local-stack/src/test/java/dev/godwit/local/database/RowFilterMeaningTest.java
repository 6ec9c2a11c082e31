package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The text that the user wrote, our SQL and our Java must select the same rows. */
@ExtendWith(SharedServer.class)
class RowFilterMeaningTest {
    private static final int FILTERS = 1500;

    /** Values per column, as SQL literals; rows combine them at random. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("i2", List.of("0", "-1", "7", "32767", "-32768", "1")),
            Map.entry("i4", List.of("0", "-1", "7", "1000", "2147483647", "-2147483648")),
            Map.entry("i8", List.of("0", "-1", "9223372036854775807", "-9223372036854775808")),
            Map.entry(
                    "n",
                    List.of(
                            "0",
                            "'NaN'",
                            "'Infinity'",
                            "'-Infinity'",
                            "1.50",
                            "1.5000",
                            "1e-20",
                            "1e100",
                            "5",
                            "-0.0")),
            Map.entry("n2", List.of("0.01", "-0.01", "'NaN'", "12.3", "-99999.99", "0")),
            Map.entry(
                    "t",
                    List.of(
                            "''",
                            "' '",
                            "'a'",
                            "'A'",
                            "'it''s'",
                            "E'a\\\\'",
                            "E'\\\\''x'",
                            "'ä'",
                            "'a -- b'",
                            "'/* ; */'",
                            "'😀'",
                            "E'\\n'",
                            "'NULL'",
                            "'\"q\"'",
                            "'$$'",
                            "'%'",
                            "'ff'",
                            "'ﬀ'",
                            "U&'a\\0308'")),
            Map.entry("v", List.of("''", "'abc'", "'abc '", "'abc  '", "' abc'", "'ABC'")),
            Map.entry("c", List.of("''", "'ab'", "'ab '", "E'ab\\t'", "' ab'", "'abcde'", "'     '")),
            Map.entry(
                    "u",
                    List.of(
                            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
                            "'{00000000-0000-0000-0000-000000000000}'",
                            "'ffffffff-ffff-ffff-ffff-ffffffffffff'")),
            Map.entry("e", List.of("'eu'", "'us east'", "'O''Brien'")),
            Map.entry("b", List.of("true", "false")),
            Map.entry(
                    "d",
                    List.of(
                            "'2024-02-29'",
                            "'1970-01-01'",
                            "'infinity'",
                            "'-infinity'",
                            "'0044-03-15 BC'",
                            "'0001-01-01'",
                            "'0001-12-31 BC'",
                            "'12345-06-07'",
                            "'4714-11-24 BC'",
                            "'5874897-12-31'")),
            Map.entry("di", List.of("7", "-8")),
            Map.entry("dt", List.of("'a'", "'b '", "''")),
            Map.entry("Odd \"Name\"", List.of("'x'", "'\"'", "''''")),
            Map.entry("user", List.of("'x'", "'postgres'")));

    private static Database database;
    private static Table table;
    private static final Map<String, Map<String, String>> ROWS = new HashMap<>();

    @BeforeAll
    static void createRows(PostgresServer server) throws SQLException {
        database = SharedServer.database(
                server,
                "CREATE TYPE area AS ENUM ('eu', 'us east', 'O''Brien')",
                "CREATE DOMAIN small AS int CHECK (VALUE < 100)",
                "CREATE DOMAIN word AS varchar(5)",
                "CREATE TABLE t (pk int PRIMARY KEY, i2 int2, i4 int4, i8 int8, n numeric, n2 numeric(7,2), t text,"
                        + " v varchar(20), c char(5), u uuid, e area, b boolean, d date, di small, dt word,"
                        + " \"Odd \"\"Name\"\"\" text, \"user\" text)");
        Random random = new Random(1);
        List<String> columns = VALUES.keySet().stream().sorted().toList();
        List<String> rows = new ArrayList<>();
        for (int pk = 0; pk < 150; pk++) {
            StringBuilder row = new StringBuilder("(" + pk);
            for (String column : columns) {
                List<String> choices = VALUES.get(column);
                row.append(", ").append(random.nextInt(8) == 0 ? "NULL" : choices.get(random.nextInt(choices.size())));
            }
            rows.add(row + ")");
        }
        String names = String.join(
                ", ",
                columns.stream()
                        .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                        .toList());
        for (String row : rows) {
            SharedServer.execute(database, "INSERT INTO t (pk, " + names + ") VALUES " + row);
        }
        table = database.catalog().table(new TableName("public", "t")).orElseThrow();
        readRows();
    }

    private static void readRows() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM t")) {
            while (row.next()) {
                Map<String, String> values = new HashMap<>();
                for (Column column : table.columns()) {
                    values.put(column.name(), row.getString(column.name()));
                }
                ROWS.put(row.getString("pk"), values);
            }
        }
    }

    @Test
    void javaAndPostgresSelectTheSameRowsAsTheOriginalText() throws SQLException {
        try (Connection connection = database.open()) {
            int selective = 0;
            for (int seed = 0; seed < FILTERS; seed++) {
                String text = new RandomFilter(new Random(seed)).next();
                Set<String> matching = matching(seed, text, connection);
                selective += matching.isEmpty() || matching.size() == ROWS.size() ? 0 : 1;
            }
            assertThat(selective)
                    .as("filters that select some rows but not all")
                    .isGreaterThan(FILTERS / 2);
        }
    }

    private static Set<String> matching(int seed, String text, Connection connection) throws SQLException {
        String about = "seed " + seed + ": " + text;
        RowFilter filter;
        try {
            filter = RowFilter.parse(text, table);
        } catch (RefusedException e) {
            throw new AssertionError(about + " is refused: " + e.getMessage() + "; " + e.remedy(), e);
        }
        String sql = filter.sql(database.dialect());
        Set<String> inJava = new HashSet<>();
        ROWS.forEach((pk, row) -> {
            if (filter.matches(row::get)) {
                inJava.add(pk);
            }
        });
        assertThat(selected(connection, sql, about))
                .as(about + "\nrendered as " + sql)
                .isEqualTo(inJava);
        assertThat(selected(connection, text, about))
                .as(about + "\nas written, against " + sql)
                .isEqualTo(inJava);
        return inJava;
    }

    private static Set<String> selected(Connection connection, String condition, String about) {
        try {
            return new HashSet<>(SharedServer.column(connection, "SELECT pk FROM t WHERE " + condition));
        } catch (SQLException e) {
            throw new AssertionError(about + "\ndoes not run: " + condition, e);
        }
    }

    @Test
    void theRenderedFilterDoesNotDependOnHowTheServerReadsBackslashes() throws SQLException {
        RowFilter filter = RowFilter.parse("t = 'a\\' OR t = '\\''x'", table);
        String query = "SELECT count(*) FROM t WHERE " + filter.sql(database.dialect());
        try (Connection connection = database.open()) {
            List<String> standard = SharedServer.column(connection, query);
            assertThat(standard).doesNotContain("0");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET standard_conforming_strings = off");
            }
            assertThat(SharedServer.column(connection, query)).isEqualTo(standard);
        }
    }

    @Test
    void theSqlForCockroachOrdersNotANumberAsPostgresDoes() throws SQLException {
        // It means the same on a server where NaN is greatest already, and CockroachDB takes the same words.
        Dialect cockroach = Dialect.of(Product.COCKROACHDB);
        try (Connection connection = database.open()) {
            for (String text : List.of("n > 0", "n >= 5", "n < 0", "n <= 1.5", "NOT n > 0", "n2 NOT BETWEEN 0 AND 1")) {
                RowFilter filter = RowFilter.parse(text, table);
                assertThat(selected(connection, filter.sql(cockroach), text))
                        .as(filter.sql(cockroach))
                        .isEqualTo(selected(connection, text, text));
            }
        }
    }

    @Test
    void anUnusualRowNeverStopsTheFilter() throws SQLException {
        // Every column's values were read by the test above at random; here by force.
        try (Connection connection = database.open()) {
            for (Map.Entry<String, List<String>> column : VALUES.entrySet()) {
                String name = '"' + column.getKey().replace("\"", "\"\"") + '"';
                matching(-1, name + " IN (" + firstLiteral(column.getKey()) + ")", connection);
            }
        }
    }

    private static String firstLiteral(String column) {
        return VALUES.get(column).get(0);
    }
}

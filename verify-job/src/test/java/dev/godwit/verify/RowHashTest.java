package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import dev.godwit.verify.checksum.ChecksumSql;
import dev.godwit.verify.checksum.KeyQuery;
import dev.godwit.verify.checksum.KeyRange;
import dev.godwit.verify.checksum.RowColumn;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SplitKey;
import dev.godwit.verify.checksum.SqlNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The hash of a row, for both encodings, as the server computes it. */
@ExtendWith(TwoDatabases.class)
class RowHashTest {
    private static final RowEncoding BINARY = RowEncoding.between(Product.POSTGRESQL, Product.POSTGRESQL);
    private static final RowEncoding TEXT = RowEncoding.between(Product.POSTGRESQL, Product.COCKROACHDB);

    @Test
    void neighbouringTextsNeverMakeTheSameRow() throws SQLException {
        for (RowEncoding encoding : List.of(BINARY, TEXT)) {
            List<String> hashes = hashes(
                    encoding,
                    "a text, b text, c text",
                    "('a', 'b', ''), ('ab', '', ''), ('a', '', 'b'), ('', 'a', 'b'), ('a|', 'b', ''), ('a', '|b', ''),"
                            + " (NULL, '', ''), ('', NULL, ''), ('', '', NULL), ('', '', ''), (NULL, NULL, NULL),"
                            + " (NULL, NULL, ''), ('|', NULL, ''), (NULL, '|', ''), ('0:', '', ''), ('', '0:', ''),"
                            + " ('||', '', ''), ('|1:x', '', ''), ('', '1:x|', ''), ('x|0:|', '', ''), ('x', '0:|', '')");
            assertThat(hashes).doesNotHaveDuplicates();
        }
    }

    @Test
    void nullIsNoValueOfAnyType() throws SQLException {
        for (RowEncoding encoding : List.of(BINARY, TEXT)) {
            for (String type :
                    List.of("int", "bool", "uuid", "date", "timestamptz", "bytea", "varbit", "char(3)", "text")) {
                String value =
                        switch (type) {
                            case "int" -> "0";
                            case "bool" -> "f";
                            case "uuid" -> "00000000-0000-0000-0000-000000000000";
                            case "date", "timestamptz" -> "2000-01-01";
                            case "bytea" -> "\\x";
                            default -> "";
                        };
                assertThat(hashes(
                                encoding,
                                "v " + type + ", w " + type,
                                "(NULL, NULL), ('" + value + "', NULL), (NULL, '" + value + "'), ('" + value + "', '"
                                        + value + "')"))
                        .describedAs("%s of %s", encoding, type)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void oneValueInTwoFormsHasOneHash() throws SQLException {
        assertSame(BINARY, "numeric", "1.0", "1.00");
        assertSame(BINARY, "char(5)", "a", "a  ");
        assertSame(BINARY, "timestamptz", "2024-06-30 03:00:00+00", "2024-06-30 08:30:00+05:30");
        assertSame(BINARY, "jsonb", "{\"a\": 1, \"b\": 2}", "{\"b\":2,\"a\":1}");
        assertSame(BINARY, "interval", "1 year 1 mon", "13 mons");
        assertSame(BINARY, "inet", "::1", "0:0::1/128");
        assertSame(BINARY, "float8", "NaN", "nan");
        assertSame(TEXT, "numeric(6,2)", "1.0", "1.00");
        assertSame(TEXT, "char(5)", "a", "a  ");
        assertSame(TEXT, "timestamptz", "2024-06-30 03:00:00+00", "2024-06-30 08:30:00+05:30");
        assertSame(TEXT, "inet", "10.0.0.1", "10.0.0.1/32");
    }

    private static void assertSame(RowEncoding encoding, String type, String left, String right) throws SQLException {
        assertThat(hashes(encoding, "v " + type, "('" + left + "'), ('" + right + "')"))
                .describedAs("%s and %s of %s", left, right, type)
                .containsExactly(
                        hashes(encoding, "v " + type, "('" + left + "')").get(0),
                        hashes(encoding, "v " + type, "('" + right + "')").get(0))
                .satisfies(both -> assertThat(both.get(0)).isEqualTo(both.get(1)));
    }

    @Test
    void anotherWidthAnEnumAndADomainDoNotChangeTheHash() throws SQLException {
        TwoDatabases.source("CREATE TYPE s.first AS ENUM ('x'); CREATE TYPE s.second AS ENUM ('y', 'x');"
                + " CREATE DOMAIN s.amount AS numeric(10,2)");
        assertThat(hashes(BINARY, "v int, w varchar(9), m s.first, n s.amount, b bit(2)", "(1, 'a', 'x', 1.5, '10')"))
                .isEqualTo(hashes(
                        BINARY,
                        "v bigint, w text, m s.second, n numeric(12,2), b bit(2)",
                        "(1, 'a', 'x', 1.50, '10')"));
    }

    @Test
    void equalRowsDoNotCancelEachOther() throws SQLException {
        String once = summed("VALUES ('aa'), ('aa'), ('cc')");
        assertThat(summed("VALUES ('bb'), ('bb'), ('cc')")).isNotEqualTo(once);
        assertThat(summed("VALUES ('cc'), ('aa'), ('aa')")).isEqualTo(once);
        assertThat(summed("VALUES ('aa'), ('cc')")).isNotEqualTo(once);
    }

    @Test
    void bothHalvesOfTheHashCount() throws SQLException {
        assertThat(summed("VALUES ('" + "0".repeat(16) + "1".repeat(16) + "')", HASHED_ALREADY))
                .isNotEqualTo(summed("VALUES ('" + "0".repeat(16) + "2".repeat(16) + "')", HASHED_ALREADY));
        assertThat(summed("VALUES ('" + "1".repeat(16) + "0".repeat(16) + "')", HASHED_ALREADY))
                .isNotEqualTo(summed("VALUES ('" + "2".repeat(16) + "0".repeat(16) + "')", HASHED_ALREADY));
        // The largest numbers add up to more than 64 bits.
        String largest = "('7" + "f".repeat(31) + "')";
        assertThat(summed("VALUES " + largest, HASHED_ALREADY)).isEqualTo("0 1 9223372036854775807 -1");
        assertThat(summed("VALUES " + largest + ", " + largest, HASHED_ALREADY))
                .isEqualTo("0 2 18446744073709551614 -2");
    }

    @Test
    void inAnOrderedDigestTheOrderCountsAndTheEndOfEachRow() throws SQLException {
        for (RowEncoding encoding : List.of(BINARY, TEXT)) {
            assertThat(List.of(
                            ordered(encoding, "(1, 'a'), (2, 'b')"),
                            ordered(encoding, "(1, 'b'), (2, 'a')"),
                            ordered(encoding, "(1, 'ab'), (2, '')"),
                            ordered(encoding, "(1, ''), (2, 'ab')"),
                            ordered(encoding, "(1, NULL), (2, 'ab')"),
                            ordered(encoding, "(1, 'ab'), (2, NULL)"),
                            ordered(encoding, "(1, 'ab')"),
                            ordered(encoding, "(2, 'ab')")))
                    .describedAs("%s", encoding)
                    .doesNotHaveDuplicates();
            assertThat(ordered(encoding, "(2, 'b'), (1, 'a')")).isEqualTo(ordered(encoding, "(1, 'a'), (2, 'b')"));
        }
    }

    @Test
    void groupedInOneQueryTheDigestsAreThoseOfTheirParts() throws SQLException {
        String rows = "(1, 'a'), (2, NULL), (5, 'c'), (6, repeat('d', 5000)), (7, ''), (30, 'e')";
        List<List<String>> cuts = List.of(List.of("2"), List.of("6"), List.of("20"));
        for (RowEncoding encoding : List.of(BINARY, TEXT)) {
            ChecksumSql sql = sql("id int primary key, v text", rows, encoding, null);
            for (KeyRange range : List.of(KeyRange.ALL, new KeyRange(List.of("1"), List.of("31")))) {
                List<String> byIndex = all(sql.ordered(range, cuts));
                assertThat(byIndex).hasSize(4).doesNotHaveDuplicates();
                assertThat(all(sql.orderedByGroups(range, cuts))).containsExactlyInAnyOrderElementsOf(byIndex);
            }
        }
    }

    @Test
    void keysAreParametersUnlessAConditionHasQuestionMarksOfItsOwn() throws SQLException {
        KeyRange range = new KeyRange(List.of("a'\\\"{,}"), List.of("z"));
        List<List<String>> cuts = List.of(List.of("b\\"), List.of("c\"d"), List.of("e,f{}"));
        TwoDatabases.source("DROP TABLE IF EXISTS s.a; CREATE TABLE s.a (id text COLLATE \"C\" PRIMARY KEY, v text)");
        TwoDatabases.source(
                "INSERT INTO s.a VALUES ('a''\\\"{,}', 'x'), ('b', 'x'), ('b\\', 'x'), ('c\"c', 'x'), ('c\"d', 'x'),"
                        + " ('e,f{', 'x'), ('e,f{}', 'x')");
        SqlNames names = new SqlNames(TwoDatabases.source().dialect());
        List<RowColumn> columns = columns();
        SplitKey key = SplitKey.of(names, List.of(columns.get(0).column()), Set.of("id"), 1);
        List<List<String>> answers = new ArrayList<>();
        List<Boolean> withParameters = new ArrayList<>();
        for (String condition : List.of("v = 'x'", "jsonb_build_object(v, 1) ? 'x'", "v <> '{fn now()}'")) {
            List<KeyQuery> queries = new ChecksumSql(
                            names.dialect(),
                            key,
                            BINARY,
                            columns,
                            inRange -> " FROM s.a AS t WHERE " + condition + " AND " + inRange)
                    .ordered(range, cuts);
            withParameters.add(!queries.get(0).parameters().isEmpty());
            answers.add(all(queries));
        }
        assertThat(withParameters).containsExactly(true, false, false);
        assertThat(answers.get(0)).hasSize(4).doesNotHaveDuplicates();
        assertThat(answers).containsOnly(answers.get(0));
        assertThat(answers.get(0)).extracting(line -> line.split(" ")[1]).containsExactly("2", "2", "2", "1");
    }

    @Test
    void aLongRowTakesPartByItsOwnHash() throws SQLException {
        for (RowEncoding encoding : List.of(BINARY, TEXT)) {
            String bytes = capped(encoding, "(1, repeat('x', 200000))");
            assertThat(bytes.length()).isLessThan(100);
            assertThat(bytes).isNotEqualTo(capped(encoding, "(1, repeat('x', 199999) || 'y')"));
            assertThat(bytes).isNotEqualTo(capped(encoding, "(2, repeat('x', 200000))"));
            assertThat(capped(encoding, "(1, repeat('x', 500))")).hasSizeGreaterThan(500);
        }
    }

    private static final RowEncoding HASHED_ALREADY = new RowEncoding() {
        @Override
        public boolean covers(ColumnType source, ColumnType target) {
            return true;
        }

        @Override
        public String row(SqlNames names, List<RowColumn> columns) {
            return names.name(columns.get(0).column());
        }

        @Override
        public String capped(SqlNames names, String row) {
            return row;
        }

        @Override
        public String hash(SqlNames names, String bytes) {
            return bytes;
        }
    };

    private static String summed(String values) throws SQLException {
        return summed(values, BINARY);
    }

    private static String summed(String values, RowEncoding encoding) throws SQLException {
        return one(sql("v text", "", encoding, " FROM (" + values + ") AS t(v)").summed(KeyRange.ALL, List.of()));
    }

    private static String ordered(RowEncoding encoding, String rows) throws SQLException {
        ChecksumSql sql = sql("id int, v text", rows, encoding, " FROM s.a AS t");
        return one(sql.ordered(KeyRange.ALL, List.of()));
    }

    private static String capped(RowEncoding encoding, String rows) throws SQLException {
        sql("id int, v text", rows, encoding, "");
        SqlNames names = new SqlNames(TwoDatabases.source().dialect());
        return one("SELECT 1, 1, " + encoding.capped(names, "q.bytes") + "::text FROM (SELECT "
                + encoding.row(names, columns()) + " AS bytes FROM s.a AS t) AS q");
    }

    private static ChecksumSql sql(String columns, String rows, RowEncoding encoding, String from) throws SQLException {
        TwoDatabases.source("DROP TABLE IF EXISTS s.a; CREATE TABLE s.a (" + columns + ")");
        if (!rows.isEmpty()) {
            TwoDatabases.source("INSERT INTO s.a VALUES " + rows);
        }
        SqlNames names = new SqlNames(TwoDatabases.source().dialect());
        List<RowColumn> all = columns();
        return new ChecksumSql(
                names.dialect(),
                SplitKey.of(names, List.of(all.get(0).column()), Set.of(), 1),
                encoding,
                all,
                condition ->
                        from != null ? from : " FROM s.a AS t" + (condition.isEmpty() ? "" : " WHERE " + condition));
    }

    private static List<RowColumn> columns() throws SQLException {
        return TwoDatabases.source().catalog().table(TwoDatabases.table("a")).orElseThrow().columns().stream()
                .map(column ->
                        new RowColumn(column, column.type(), column.name().equals("id")))
                .toList();
    }

    private static String one(String sql) throws SQLException {
        return all(sql).get(0);
    }

    private static String one(KeyQuery query) throws SQLException {
        return all(List.of(query)).get(0);
    }

    private static String one(List<KeyQuery> queries) throws SQLException {
        return all(queries).get(0);
    }

    private static List<String> all(List<KeyQuery> queries) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = ReadSession.open(TwoDatabases.source(), Optional.empty())) {
            for (KeyQuery query : queries) {
                rows.addAll(BothSides.query(connection, query, RowHashTest::rows));
            }
        }
        return rows;
    }

    private static List<String> rows(ResultSet row) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (row.next()) {
            rows.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3));
        }
        return rows;
    }

    private static List<String> all(String sql) throws SQLException {
        return all(List.of(new KeyQuery(sql, List.of())));
    }

    private static List<String> hashes(RowEncoding encoding, String columns, String rows) throws SQLException {
        TwoDatabases.source("DROP TABLE IF EXISTS s.a; CREATE TABLE s.a (" + columns + ")");
        List<RowColumn> all = columns();
        assertThat(all).allMatch(column -> encoding.covers(column.column().type(), column.other()));
        TwoDatabases.source("INSERT INTO s.a VALUES " + rows);
        List<String> hashes = new ArrayList<>();
        SqlNames names = new SqlNames(TwoDatabases.source().dialect());
        try (Connection connection = ReadSession.open(TwoDatabases.source(), Optional.empty());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + encoding.hash(names, encoding.row(names, all)) + " FROM s.a AS t")) {
            while (row.next()) {
                hashes.add(row.getString(1));
            }
        }
        assertThat(hashes).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        return hashes;
    }
}

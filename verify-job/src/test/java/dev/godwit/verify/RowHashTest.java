package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.verify.checksum.ChecksumSql;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SqlNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                        BINARY, "v bigint, w text, m s.second, n numeric, b bit(2)", "(1, 'a', 'x', 1.50, '10')"));
    }

    @Test
    void equalRowsDoNotCancelEachOther() throws SQLException {
        String once = sums("VALUES ('aa'), ('aa'), ('cc')");
        assertThat(sums("VALUES ('bb'), ('bb'), ('cc')")).isNotEqualTo(once);
        assertThat(sums("VALUES ('cc'), ('aa'), ('aa')")).isEqualTo(once);
        assertThat(sums("VALUES ('aa'), ('cc')")).isNotEqualTo(once);
    }

    @Test
    void bothHalvesOfTheHashCount() throws SQLException {
        assertThat(sumsOf("'" + "0".repeat(16) + "1".repeat(16) + "'"))
                .isNotEqualTo(sumsOf("'" + "0".repeat(16) + "2".repeat(16) + "'"));
        assertThat(sumsOf("'" + "1".repeat(16) + "0".repeat(16) + "'"))
                .isNotEqualTo(sumsOf("'" + "2".repeat(16) + "0".repeat(16) + "'"));
        // The largest numbers add up to more than 64 bits.
        assertThat(sumsOf("'7" + "f".repeat(31) + "'")).isEqualTo("0 1 9223372036854775807 -1");
    }

    private static String sums(String values) throws SQLException {
        return sums("encode(sha256(t.v::bytea), 'hex')", " FROM (" + values + ") AS t(v)");
    }

    private static String sumsOf(String hash) throws SQLException {
        return sums(hash, " FROM (VALUES (1)) AS t(v)");
    }

    private static String sums(String hash, String from) throws SQLException {
        try (Connection connection = ReadSession.open(TwoDatabases.source(), Optional.empty());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ChecksumSql.of("0", hash, from))) {
            row.next();
            return row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4);
        }
    }

    private static List<String> hashes(RowEncoding encoding, String columns, String rows) throws SQLException {
        TwoDatabases.source("DROP TABLE IF EXISTS s.a; CREATE TABLE s.a (" + columns + ")");
        Catalog catalog = TwoDatabases.source().catalog();
        Table table = catalog.table(TwoDatabases.table("a")).orElseThrow();
        List<Column> all = table.columns();
        assertThat(all).allMatch(column -> encoding.covers(column.type(), column.type()));
        TwoDatabases.source("INSERT INTO s.a VALUES " + rows);
        List<String> hashes = new ArrayList<>();
        try (Connection connection = ReadSession.open(TwoDatabases.source(), Optional.empty());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT "
                        + encoding.hash(new SqlNames(TwoDatabases.source().dialect()), all) + " FROM s.a AS t")) {
            while (row.next()) {
                hashes.add(row.getString(1));
            }
        }
        assertThat(hashes).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        return hashes;
    }
}

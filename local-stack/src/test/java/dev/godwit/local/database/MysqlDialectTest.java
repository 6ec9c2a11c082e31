package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.FailureClass;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.type.TypeKind;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With what MySQL alone has. */
@ExtendWith(SharedMysql.class)
class MysqlDialectTest extends DialectContract {
    private MysqlServer shared;

    @BeforeEach
    void on(MysqlServer server) {
        shared = server;
    }

    @Override
    Database database(String... statements) throws SQLException {
        return SharedMysql.database(shared, statements);
    }

    @Override
    String bytes() {
        return "longblob";
    }

    @Override
    String moment() {
        return "datetime(6)";
    }

    private static Table table(Database database, String name) throws SQLException {
        return database.catalog().table(new TableName("public", name)).orElseThrow();
    }

    private static String[] row(String... values) {
        return values;
    }

    private static void upsert(Database database, Table table, String[]... rows) throws SQLException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            database.dialect().upsert(table, table.writableColumns()).execute(connection, List.of(rows));
            connection.commit();
        }
    }

    /** Every row as the texts of its columns, ordered by the first one. */
    private static List<List<String>> rows(Database database, Table table) throws SQLException {
        String columns = table.columns().stream()
                .map(column -> database.dialect().selected(database.dialect().quote(column.name()), column.type()))
                .collect(Collectors.joining(", "));
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + columns + " FROM " + database.dialect().quote(table.name()) + " ORDER BY 1")) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < table.columns().size(); i++) {
                    values.add(database.dialect()
                            .read(row, i + 1, table.columns().get(i).type()));
                }
                rows.add(values);
            }
            return rows;
        }
    }

    @Test
    void readsTheCatalog(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE parent (id INT AUTO_INCREMENT PRIMARY KEY, code CHAR(3) NOT NULL, UNIQUE KEY by_code (code))",
                "CREATE TABLE child (a BIGINT UNSIGNED, b VARCHAR(40) CHARACTER SET latin1, parent INT, twice INT AS (parent * 2),"
                        + " kind ENUM('x','it''s') NOT NULL, price DECIMAL(12,2), at DATETIME(3), place POINT,"
                        + " PRIMARY KEY (b, a), UNIQUE KEY start (b(2)),"
                        + " CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)");
        assertThat(database.product()).isEqualTo(Product.MYSQL);
        Catalog catalog = database.catalog();
        assertThat(catalog.tables().keySet().toString()).isEqualTo("[public.child, public.parent]");
        Table child = table(database, "child");
        assertThat(child.primaryKey()).containsExactly("b", "a");
        assertThat(child.requireColumn("a").type().kind()).isEqualTo(TypeKind.DECIMAL);
        assertThat(child.requireColumn("twice").generation()).isEqualTo(Generation.COMPUTED);
        assertThat(child.requireColumn("kind").type().labels()).containsExactly("x", "it's");
        assertThat(child.requireColumn("at").type().modifier()).isEqualTo(3);
        assertThat(child.requireColumn("place").type().isSupported()).isFalse();
        assertThat(child.uniqueKeys()).hasSize(1);
        assertThat(child.uniqueKeys().get(0).columns())
                .as("unique over the beginning of a text")
                .isEmpty();
        assertThat(table(database, "parent").requireColumn("id").generation())
                .isEqualTo(Generation.IDENTITY_BY_DEFAULT);
        assertThat(catalog.foreignKeys()).hasSize(1);
        assertThat(catalog.foreignKeys().get(0).changesChildren()).isTrue();
        Catalog chosen = database.catalog(List.of(child.name(), new TableName("public", "it's \\ not there")));
        assertThat(chosen.tables()).as("with the parent").isEqualTo(catalog.tables());
        assertThat(chosen.foreignKeys()).isEqualTo(catalog.foreignKeys());
        assertThat(database.catalog(List.of(new TableName("public", "parent")))
                        .tables()
                        .keySet()
                        .toString())
                .isEqualTo("[public.parent]");
    }

    @Test
    void valuesOfItsOwnTypesComeBackAsTheyWereWritten(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE v (id INT PRIMARY KEY, tiny TINYINT(1), ub BIGINT UNSIGNED, year YEAR, d DECIMAL(65,30), f FLOAT,"
                        + " dd DOUBLE, bits BIT(11), c CHAR(5), t VARCHAR(50), latin VARCHAR(20) CHARACTER SET latin1,"
                        + " b BINARY(3), bl BLOB, day DATE, tm TIME(3), dt DATETIME(6), ts TIMESTAMP(6) NULL, j JSON,"
                        + " e ENUM('small','big'), s SET('a','b','c'), z INT(6) ZEROFILL)");
        Table table = table(database, "v");
        String[] least = row(
                "1",
                "-128",
                "18446744073709551615",
                "1901",
                "-99999999999999999999999999999999999.999999999999999999999999999999",
                "1.1754944E-38",
                "-0",
                "10000000001",
                "ab",
                "tail  \\ ' \0 \uD83D\uDE00",
                "\u00fc\u00e9",
                "\\x00ff00",
                "\\x",
                "1000-01-01",
                "-838:59:59.000",
                "1000-01-01 00:00:00.000001",
                "1970-01-01 00:00:01.000000+00",
                "{\"a\": [1, null, \"x\\\"\"]}",
                "small",
                "a,c",
                "42");
        String[] nulls = new String[table.columns().size()];
        nulls[0] = "2";
        upsert(database, table, least, nulls);
        List<String> expected = new ArrayList<>(List.of(least));
        expected.set(5, "1.1754943508222875e-38");
        List<List<String>> read = rows(database, table);
        assertThat(read.get(0)).isEqualTo(expected);
        assertThat(Float.parseFloat(read.get(0).get(5))).isEqualTo(Float.MIN_NORMAL);
        assertThat(read.get(1)).containsExactly(nulls);
        upsert(
                database,
                table,
                row(
                        "1",
                        "5",
                        "0",
                        "0",
                        "0",
                        "0.1",
                        "1e308",
                        "00000000000",
                        "",
                        "",
                        "",
                        "\\x000000",
                        "\\xff",
                        "9999-12-31",
                        "12:00:00.5",
                        "9999-12-31 23:59:59.999999",
                        "2038-01-19T03:14:07.999999+05:30",
                        "[]",
                        "big",
                        "",
                        "0"));
        List<String> greatest = rows(database, table).get(0);
        assertThat(greatest.get(5)).isEqualTo("0.10000000149011612");
        assertThat(greatest.get(16)).isEqualTo("2038-01-18 21:44:07.999999+00");
        assertThat(greatest.get(3)).as("the year 0000").isEqualTo("0");
    }

    @Test
    void refusesWhatMysqlWouldChangeInSilence(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE r (id INT PRIMARY KEY, d DECIMAL(5,2), b BINARY(3), e ENUM('1','2'), s SET('a','b'), t DATETIME(0),"
                        + " f DOUBLE, day DATE, name VARCHAR(3) CHARACTER SET latin1)");
        Table table = table(database, "r");
        List<List<String>> bad = List.of(
                List.of("d", "1.005"),
                List.of("d", "NaN"),
                List.of("b", "\\x01"),
                List.of("e", "0"),
                List.of("s", "b,a"),
                List.of("s", "a,a"),
                List.of("t", "2026-01-01 00:00:00.4"),
                List.of("t", "infinity"),
                List.of("f", "NaN"),
                List.of("day", "10000-01-01"),
                List.of("day", "2026-02-30"),
                List.of("name", "\u4e16"),
                List.of("name", "abcd"));
        for (List<String> value : bad) {
            List<Column> columns = List.of(table.requireColumn("id"), table.requireColumn(value.get(0)));
            SQLException refused = catchThrowableOfType(SQLException.class, () -> {
                try (Connection connection = database.open()) {
                    database.dialect()
                            .upsert(table, columns)
                            .execute(connection, List.<String[]>of(row("1", value.get(1))));
                }
            });
            assertThat((Throwable) refused).as("%s", value).isNotNull();
            assertThat(database.dialect().classify(refused)).as("%s", value).isEqualTo(FailureClass.BAD_ROW);
        }
        assertThat(rows(database, table)).isEmpty();
    }

    @Test
    void numbersAreBooleansAndEnumsTextsWhereTheUrlSaysSo(MysqlServer server) throws SQLException {
        Database plain = SharedMysql.database(
                server,
                "CREATE TABLE b (id INT PRIMARY KEY, flag TINYINT(1), number TINYINT(1), mood ENUM('ok','it''s'))");
        Database database = with(plain, "?bool=b.flag&string=*");
        Table table = table(database, "b");
        assertThat(table.columns().stream().map(column -> column.type().kind()))
                .containsExactly(TypeKind.INTEGER, TypeKind.BOOLEAN, TypeKind.INTEGER, TypeKind.TEXT);

        upsert(database, table, row("1", "true", "2", "ok"), row("2", "f", null, "it's"), row("3", null, "0", null));
        List<List<String>> rows = rows(database, table);
        assertThat(rows.toString()).isEqualTo("[[1, true, 2, ok], [2, false, null, it's], [3, null, 0, null]]");
        for (String[] bad : List.of(row("4", "2", "0", "ok"), row("4", "true", "0", "nope"))) {
            SQLException refused = catchThrowableOfType(SQLException.class, () -> upsert(database, table, bad));
            assertThat(database.dialect().classify(refused)).isEqualTo(FailureClass.BAD_ROW);
        }
        for (String text :
                List.of("flag", "NOT flag", "flag <> false", "mood = 'ok'", "mood <> 'it''s'", "mood IN ('ok')")) {
            RowFilter filter = RowFilter.parse(text, table);
            List<String> byApplier = rows.stream()
                    .filter(row -> filter.matches(name ->
                            row.get(List.of("id", "flag", "number", "mood").indexOf(name))))
                    .map(row -> row.get(0))
                    .toList();
            assertThat(SharedServer.column(
                            database, "SELECT id FROM b WHERE " + filter.sql(database.dialect()) + " ORDER BY id"))
                    .as(text)
                    .isEqualTo(byApplier);
        }
        for (String parameter : List.of("bool=b.nope", "bool=b.mood", "string=b.flag", "string=b")) {
            assertThat(catchThrowableOfType(RefusedException.class, () -> with(plain, "?" + parameter)
                            .catalog()))
                    .as(parameter)
                    .isNotNull();
        }
    }

    private static Database with(Database database, String parameters) {
        return Database.connect(
                "source", DatabaseUrl.parse("source", database.url().withPassword() + parameters));
    }

    @Test
    void neverTouchesAnotherRowThroughASecondaryUniqueKey(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE u (id INT PRIMARY KEY, badge INT UNIQUE, note VARCHAR(10))",
                "INSERT INTO u VALUES (1, 10, 'one'), (2, 20, 'two')");
        Table table = table(database, "u");
        for (String[] bad : List.of(row("3", "10", "new"), row("2", "10", "taken"))) {
            SQLException refused = catchThrowableOfType(SQLException.class, () -> upsert(database, table, bad));
            assertThat((Throwable) refused).as("%s", bad[0]).isNotNull();
            assertThat(database.dialect().classify(refused)).isEqualTo(FailureClass.RETRY_AFTER_EARLIER);
        }
        assertThat(rows(database, table)).containsExactly(List.of("1", "10", "one"), List.of("2", "20", "two"));
        upsert(database, table, row("2", "21", "moved"), row("3", "20", "new"), row("1", null, null));
        assertThat(rows(database, table).toString()).isEqualTo("[[1, null, null], [2, 21, moved], [3, 20, new]]");
    }

    @Test
    void keysThatACollationTakesForEqualAreNotOverwritten(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE k (code VARCHAR(20), n INT, note VARCHAR(10), PRIMARY KEY (code, n))",
                "INSERT INTO k VALUES ('strasse', 1, 'one')");
        Table table = table(database, "k");
        SQLException refused =
                catchThrowableOfType(SQLException.class, () -> upsert(database, table, row("STRASSE", "1", "x")));
        assertThat((Throwable) refused).isNotNull();
        try (Connection connection = database.open()) {
            var delete = database.dialect().delete(table, Optional.empty());
            assertThat(delete.execute(connection, List.<String[]>of(row("Strasse", "1"))))
                    .isZero();
            assertThat(database.dialect()
                            .update(table, table.columns())
                            .execute(connection, List.of(row("STRASSE", "1", "x"), row("strasse", "1", "y"))))
                    .isEqualTo(1);
            assertThat(rows(database, table)).containsExactly(List.of("strasse", "1", "y"));
            assertThat(delete.execute(connection, List.<String[]>of(row("strasse", "1"))))
                    .isEqualTo(1);
        }
    }

    @Test
    void manyRowsGoInSeveralStatements(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(server, "CREATE TABLE m (id BIGINT PRIMARY KEY, body LONGBLOB)");
        Table table = table(database, "m");
        String long1 = "\\x" + "ab".repeat(3 << 20);
        List<String[]> many = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            many.add(row(Long.toString(Long.MAX_VALUE - i), i % 20_000 == 0 ? long1 : "\\x01"));
        }
        upsert(database, table, many.toArray(String[][]::new));
        assertThat(SharedServer.column(database, "SELECT count(*) FROM m WHERE length(body) IN (1, 3145728)"))
                .containsExactly("70000");
        try (Connection connection = database.open()) {
            assertThat(database.dialect()
                            .delete(table, Optional.empty())
                            .execute(
                                    connection,
                                    many.stream().map(row -> row(row[0])).toList()))
                    .isEqualTo(70_000);
        }
    }

    @Test
    void theLedgerIsADatabaseOfItsOwn(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(server);
        for (int i = 0; i < 2; i++) {
            try (Connection connection = database.open()) {
                LedgerSchema.create(connection);
            }
        }
        SharedServer.execute(
                database,
                "INSERT INTO " + database.dialect().quote(LedgerSchema.WATERMARK) + " VALUES ('d', '1', now(6))");
    }
}

package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the dialect of every product does, on a real server of that product. */
abstract class DialectContract {
    private static final String ODD = "it's \\ a \"`table`\", ünd";

    /** A new database in which the statements have run, all in the product's own words. */
    abstract Database database(String... statements) throws SQLException;

    /** The type of bytes, and of a moment without a time zone with microseconds. */
    abstract String bytes();

    abstract String moment();

    private static TableName name(String table) {
        return new TableName("public", table);
    }

    private static Table table(Database database, String name) throws SQLException {
        return database.catalog().table(name(name)).orElseThrow();
    }

    private static String[] row(String... values) {
        return values;
    }

    private static int upsert(Database database, Table table, String[]... rows) throws SQLException {
        try (Connection connection = database.open()) {
            return database.dialect().upsert(table, table.writableColumns()).execute(connection, List.of(rows));
        }
    }

    /** Every row as the texts of its columns, ordered by the first one. */
    private static List<List<String>> rows(Database database, Table table) throws SQLException {
        Dialect dialect = database.dialect();
        String columns = table.columns().stream()
                .map(column -> dialect.selected("t." + dialect.quote(column.name()), column.type()))
                .collect(Collectors.joining(", "));
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + columns + " FROM " + dialect.quote(table.name()) + " t ORDER BY t."
                                + dialect.quote(table.columns().get(0).name()))) {
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < table.columns().size(); i++) {
                    values.add(dialect.read(row, i + 1, table.columns().get(i).type()));
                }
                rows.add(values);
            }
            return rows;
        }
    }

    @Test
    void readsTablesWithTheirKeysAndForeignKeys() throws SQLException {
        Database database = database(
                "CREATE TABLE parent (id int PRIMARY KEY, code varchar(9) NOT NULL, CONSTRAINT by_code UNIQUE (code))",
                "CREATE TABLE child (no int NOT NULL, line int NOT NULL, parent int, price decimal(12,2),"
                        + " twice int GENERATED ALWAYS AS (parent * 2) STORED, PRIMARY KEY (line, no),"
                        + " CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parent (id))",
                "CREATE TABLE other (id int PRIMARY KEY)");
        Catalog catalog = database.catalog();
        assertThat(catalog.tables().keySet()).containsExactlyInAnyOrder(name("parent"), name("child"), name("other"));
        Table child = table(database, "child");
        assertThat(child.primaryKey()).containsExactly("line", "no");
        assertThat(child.columns().stream().map(Column::name))
                .containsExactly("no", "line", "parent", "price", "twice");
        assertThat(child.columns().stream().map(column -> column.type().kind()))
                .containsExactly(
                        TypeKind.INTEGER, TypeKind.INTEGER, TypeKind.INTEGER, TypeKind.DECIMAL, TypeKind.INTEGER);
        assertThat(child.requireColumn("parent").nullable()).isTrue();
        assertThat(child.requireColumn("no").nullable()).isFalse();
        assertThat(child.requireColumn("twice").generation()).isEqualTo(Generation.COMPUTED);
        assertThat(table(database, "parent").uniqueKeys().stream().map(key -> key.columns()))
                .containsExactly(List.of("code"));
        assertThat(catalog.foreignKeys()).hasSize(1);
        ForeignKey key = catalog.foreignKeys().iterator().next();
        assertThat(key.child() + " " + key.childColumns() + " " + key.parent() + " " + key.parentColumns())
                .isEqualTo("public.child [parent] public.parent [id]");
        assertThat(key.changesChildren()).isFalse();
        Catalog chosen = database.catalog(List.of(name("child"), name("not there")));
        assertThat(chosen.tables().keySet())
                .as("with the parent")
                .containsExactlyInAnyOrder(name("child"), name("parent"));
        assertThat(chosen.foreignKeys()).hasSize(1);
    }

    @Test
    void anyNameStandsForItself() throws SQLException {
        Database database = database();
        Dialect dialect = database.dialect();
        SharedServer.execute(
                database,
                "CREATE TABLE " + dialect.quote(name(ODD)) + " (" + dialect.quote("select") + " int PRIMARY KEY, "
                        + dialect.quote(ODD) + " varchar(20))");
        Table table = table(database, ODD);
        assertThat(upsert(database, table, row("1", "a"), row("2", null))).isEqualTo(2);
        try (Connection connection = database.open()) {
            assertThat(dialect.update(table, table.columns()).execute(connection, List.<String[]>of(row("2", "b"))))
                    .isEqualTo(1);
            RowFilter slice = RowFilter.parse("\"" + ODD.replace("\"", "\"\"") + "\" = 'b'", table);
            assertThat(dialect.delete(table, Optional.of(slice)).execute(connection, List.of(row("1"), row("2"))))
                    .isEqualTo(1);
        }
        assertThat(rows(database, table)).containsExactly(List.of("1", "a"));
    }

    @Test
    void literalsAreTheTextsThatTheyStandFor() throws SQLException {
        Database database = database();
        for (String text : List.of("", "'", "\\", "\\'", "''\\\\", "a\nb\t", ODD, "\uD83E\uDD85 %_ {?}")) {
            assertThat(SharedServer.column(
                            database, "SELECT " + database.dialect().literal(text)))
                    .as(text)
                    .containsExactly(text);
        }
    }

    @Test
    void valuesComeBackAsTheyWereWritten() throws SQLException {
        Database database = database(
                "CREATE TABLE v (id bigint PRIMARY KEY, d decimal(30,10), f double precision, t varchar(40), b "
                        + bytes() + ", day date, at " + moment() + ")");
        Table table = table(database, "v");
        String[] least = row(
                "-9223372036854775808",
                "-12345678901234567890.0123456789",
                "-0.1",
                "",
                "\\x",
                "1000-01-01",
                "1000-01-01 00:00:00.000001");
        String[] nulls = row("0", null, null, null, null, null, null);
        String[] greatest = row(
                "9223372036854775807",
                "0.0000000001",
                "123456.75",
                "tail  \\ ' \uD83E\uDD85 \\N",
                "\\x00ff5c27",
                "9999-12-31",
                "9999-12-31 23:59:59.999999");
        assertThat(upsert(database, table, greatest, least, nulls)).isEqualTo(3);
        assertThat(rows(database, table))
                .containsExactly(Arrays.asList(least), Arrays.asList(nulls), Arrays.asList(greatest));
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            assertThat(database.dialect().row(connection, table, table.columns(), List.of("9223372036854775807")))
                    .hasValueSatisfying(row -> assertThat(row).containsExactly(greatest));
            assertThat(database.dialect().row(connection, table, table.columns(), List.of("5")))
                    .isEmpty();
        }
    }

    @Test
    void rowsAreInsertedOverwrittenAndDeletedByTheirKeys() throws SQLException {
        Database database =
                database("CREATE TABLE k (a int, code varchar(9), v int, note varchar(9), PRIMARY KEY (code, a))");
        Table table = table(database, "k");
        upsert(database, table, row("1", "eu", "10", "x"), row("2", "eu", "20", "y"), row("1", "us", "30", null));
        try (Connection connection = database.open()) {
            List<Column> some =
                    List.of(table.requireColumn("v"), table.requireColumn("a"), table.requireColumn("code"));
            database.dialect()
                    .upsert(table, some)
                    .execute(connection, List.of(row("11", "1", "eu"), row("40", "4", "eu")));
            assertThat(database.dialect()
                            .update(table, some)
                            .execute(connection, List.of(row("31", "1", "us"), row("99", "9", "us"))))
                    .isEqualTo(1);
            RowFilter slice = RowFilter.parse("v > 15", table);
            assertThat(database.dialect()
                            .delete(table, Optional.of(slice))
                            .execute(connection, List.of(row("eu", "1"), row("eu", "2"), row("eu", "7"))))
                    .isEqualTo(1);
            assertThat(database.dialect().delete(table, Optional.empty()).execute(connection, List.of()))
                    .isZero();
        }
        assertThat(rows(database, table))
                .containsExactlyInAnyOrder(
                        List.of("1", "eu", "11", "x"),
                        Arrays.asList("4", "eu", "40", null),
                        Arrays.asList("1", "us", "31", null));
    }

    @Test
    void whatTheServerRefusesIsClassified() throws SQLException {
        Database database = database(
                "CREATE TABLE u (id int4 PRIMARY KEY, badge int4, note varchar(3) NOT NULL, CONSTRAINT by_badge UNIQUE (badge))",
                "CREATE TABLE of_u (id int4 PRIMARY KEY, u int4, CONSTRAINT to_u FOREIGN KEY (u) REFERENCES u (id))",
                "INSERT INTO u VALUES (1, 10, 'one'), (2, 20, 'two')");
        Table table = table(database, "u");
        Table child = table(database, "of_u");
        refused(FailureClass.RETRY_AFTER_EARLIER, database, table, row("3", "10", "new"));
        refused(FailureClass.RETRY_AFTER_EARLIER, database, table, row("2", "10", "two"));
        refused(FailureClass.RETRY_AFTER_EARLIER, database, child, row("1", "7"));
        refused(FailureClass.BAD_ROW, database, table, row("3", "30", "long"));
        refused(FailureClass.BAD_ROW, database, table, row("3", "30", null));
        refused(FailureClass.BAD_ROW, database, table, row("3", "99999999999", "big"));
        assertThat(rows(database, table))
                .as("never another row through a secondary unique key")
                .containsExactly(List.of("1", "10", "one"), List.of("2", "20", "two"));
        SQLException stop = catchThrowableOfType(
                SQLException.class, () -> SharedServer.column(database, "SELECT 1 FROM not_there"));
        assertThat(database.dialect().classify(stop)).isEqualTo(FailureClass.STOP);
    }

    private static void refused(FailureClass expected, Database database, Table table, String[] row) {
        SQLException refused = catchThrowableOfType(SQLException.class, () -> upsert(database, table, row));
        assertThat((Throwable) refused).as(String.join(",", row)).isNotNull();
        assertThat(database.dialect().classify(refused))
                .as(refused.getMessage())
                .isEqualTo(expected);
    }

    @Test
    void aFilterMeansTheSameAsInTheApplier() throws SQLException {
        Database database = database();
        String backslash = database.dialect().literal("a\\b");
        SharedServer.execute(
                database,
                "CREATE TABLE f (id int PRIMARY KEY, region varchar(10))",
                "INSERT INTO f VALUES (1, 'eu'), (2, 'EU'), (3, 'us'), (4, NULL), (5, 'eü'), (6, " + backslash
                        + "), (7, 'eu ')");
        Table table = table(database, "f");
        for (String text : List.of(
                "region = 'eu'",
                "region <> 'eu'",
                "region IN ('eu', 'us')",
                "NOT region IN ('eu', NULL)",
                "region = 'a\\b'",
                "region IS NULL OR id > 5")) {
            RowFilter filter = RowFilter.parse(text, table);
            List<String> byServer = SharedServer.column(
                    database, "SELECT id FROM f WHERE " + filter.sql(database.dialect()) + " ORDER BY id");
            List<String> byApplier = rows(database, table).stream()
                    .filter(row -> filter.matches(name -> name.equals("id") ? row.get(0) : row.get(1)))
                    .map(row -> row.get(0))
                    .toList();
            assertThat(byServer).as(text).isEqualTo(byApplier);
        }
    }
}

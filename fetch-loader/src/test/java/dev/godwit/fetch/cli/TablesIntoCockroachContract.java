package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the tables of a CockroachDB that is loaded from PostgreSQL: made anew and finished by the file, emptied, or left as they are. */
abstract class TablesIntoCockroachContract {
    @TempDir
    private Path directory;

    /** With the target as Godwit sees it. */
    private TestDatabases databases;

    private CommandRun command;
    private CockroachCluster cluster;

    /** @param postgres whose target the stand-in may use */
    abstract CockroachCluster cluster(TestDatabases postgres);

    @BeforeEach
    final void start() {
        TestDatabases postgres = TestDatabases.create();
        cluster = cluster(postgres);
        databases = postgres.into(cluster.asGodwitSeesIt());
        command = new CommandRun(databases, directory).with(List.of("--ignore-replication-check", "--non-interactive"));
    }

    @AfterEach
    final void stop() throws SQLException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private int recreate(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--table-handling=drop-on-target-and-recreate");
        all.add("--left-out-ddl-file=" + directory.resolve("left-out.sql"));
        return command.run(all.toArray());
    }

    /** One statement after the other, as a phase and {@code cockroach sql} run them. Returns the comments. */
    private String finish() throws IOException, SQLException {
        List<String> lines = Files.readAllLines(directory.resolve("left-out.sql"));
        databases.onTarget(lines.stream().filter(line -> !line.startsWith("--")).toArray(String[]::new));
        return String.join(
                "\n", lines.stream().filter(line -> line.startsWith("--")).toList());
    }

    private void refuses(String state, String sql) {
        assertThatThrownBy(() -> databases.onTarget(sql))
                .as(sql)
                .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                        .as(refusal.getMessage())
                        .isEqualTo(state));
    }

    @Test
    void everyTypeBecomesTheOneOfItsNameOrTheTextOfTheValue() throws SQLException {
        databases.onSource(
                "CREATE TYPE mood AS ENUM ('ok', 'it''s bad')",
                "CREATE TYPE address AS (street text, mood mood)",
                "CREATE DOMAIN positive AS int NOT NULL CHECK (VALUE > 0)",
                "CREATE TABLE t (id bigint PRIMARY KEY, b boolean, i2 smallint, i4 int, f4 real, f8 float, n numeric, n2 numeric(12,2),"
                        + " s text, v varchar(40), c char(5), raw bytea, u uuid, d date, t3 time(3), ts timestamp(3),"
                        + " tz timestamptz, iv interval, j jsonb, ip inet, b3 bit(3), vb varbit(9), m mood, a text[],"
                        + " p positive, r int4range, ad address, po point)",
                "INSERT INTO t VALUES (9223372036854775807, true, -32768, 7, 1.5, 0.1, 1E-10, 12.50, E'a\\tb\\\\N\\r\\n', 'é', 'ab',"
                        + " '\\x00ff', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '2024-02-29', '03:04:05.123', '2024-01-02 03:04:05.123',"
                        + " '2024-01-02 03:04:05.123456+02', '1 day 02:00:00', '{\"a\": 1}', '10.0.0.1/8', B'101', B'1',"
                        + " 'it''s bad', ARRAY['a', NULL, 'b,\"c'], 7, '[1,5)', ('road', 'ok'), '(1,2)'),"
                        + " (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                        + " NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL)");

        assertThat(recreate("--table-filter=t")).as(command::told).isZero();

        Table made =
                databases.target.catalog().table(LoadEnvironment.table("t")).orElseThrow();
        Map.of(
                        "id",
                        TypeKind.INTEGER,
                        "n2",
                        TypeKind.DECIMAL,
                        "s",
                        TypeKind.TEXT,
                        "raw",
                        TypeKind.BYTES,
                        "u",
                        TypeKind.UUID,
                        "m",
                        TypeKind.ENUM,
                        "a",
                        TypeKind.ARRAY,
                        "p",
                        TypeKind.INTEGER,
                        "r",
                        TypeKind.TEXT,
                        "ad",
                        TypeKind.TEXT)
                .forEach((column, kind) -> assertThat(
                                made.requireColumn(column).type().kind())
                        .as(column)
                        .isEqualTo(kind));
        assertThat(made.primaryKey()).containsExactly("id");
        assertThat(made.requireColumn("p").nullable()).isFalse();
        assertThat(made.requireColumn("ts").type().modifier()).isEqualTo(3);
        assertThat(made.requireColumn("po").type().kind()).isEqualTo(TypeKind.TEXT);
        assertThat(
                        rows(
                                databases.target,
                                "SELECT id, b, i2, i4, f4, f8, n = 0.0000000001, n2, s, v, rtrim(c), encode(raw, 'hex'), u, d, t3, ts,"
                                        + " tz AT TIME ZONE 'UTC', iv, j, ip, b3, vb, m, array_length(a, 1), a[3], p, r, ad, po FROM t ORDER BY id"))
                .containsExactly(
                        "2|null|null|null|null|null|null|null||null|null|null|null|null|null|null|null|null|null|null|null|null"
                                + "|null|null|null|1|null|null|null",
                        "9223372036854775807|t|-32768|7|1.5|0.1|t|12.50|a\tb\\N\r\n|é|ab|00ff"
                                + "|6f9619ff-8b86-d011-b42d-00cf4fc964ff|2024-02-29|03:04:05.123|2024-01-02 03:04:05.123"
                                + "|2024-01-02 01:04:05.123456|1 day 02:00:00|{\"a\": 1}|10.0.0.1/8|101|1|it's bad|3|b,\"c|7"
                                + "|[1,5)|(road,ok)|(1,2)");
    }

    @Test
    void tablesMadeAnewAreFinishedByTheFileStatementForStatement() throws SQLException, IOException {
        databases.onSource(
                "CREATE SCHEMA shop",
                "CREATE TYPE shop.mood AS ENUM ('ok', 'bad')",
                "CREATE DOMAIN shop.positive AS int DEFAULT 7 CONSTRAINT more CHECK (VALUE > 0)",
                "CREATE SEQUENCE shop.numbers START 100 INCREMENT 10",
                "CREATE SEQUENCE shop.rounds MAXVALUE 1000 CYCLE",
                "CREATE TABLE shop.customer (id serial PRIMARY KEY, \"E-Mail\" text UNIQUE, mood shop.mood DEFAULT 'ok',"
                        + " number int NOT NULL DEFAULT nextval('shop.numbers'), round int DEFAULT nextval('shop.rounds'),"
                        + " p shop.positive, twice int GENERATED ALWAYS AS (number * 2) STORED, price numeric(12,2) CHECK (price > 0))",
                "CREATE TABLE shop.\"order\" (id bigint GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 5), line smallint,"
                        + " customer int NOT NULL REFERENCES shop.customer DEFERRABLE INITIALLY DEFERRED, placed timestamptz(3) DEFAULT now(),"
                        + " tags text[], CONSTRAINT order_key PRIMARY KEY (line, id))",
                "CREATE INDEX by_customer ON shop.\"order\" (customer DESC, placed) INCLUDE (tags) WHERE line > 1",
                "CREATE UNIQUE INDEX lower_mail ON shop.customer (lower(\"E-Mail\"))",
                "CREATE INDEX by_price ON shop.customer USING hash (price)",
                "INSERT INTO shop.customer (\"E-Mail\", price) SELECT 'm' || i, i FROM generate_series(1, 50) i",
                "INSERT INTO shop.\"order\" (line, customer, tags) SELECT i % 3, i, ARRAY['a', NULL] FROM generate_series(1, 50) i");
        databases.onTarget(
                "CREATE SCHEMA shop", "CREATE TABLE shop.customer (old int)", "INSERT INTO shop.customer VALUES (1)");

        assertThat(recreate("--schema-filter=shop")).as(command::told).isZero();
        assertThat(one(databases.target, "SELECT count(*) || ' ' || sum(twice) FROM shop.customer"))
                .isEqualTo(one(databases.source, "SELECT count(*) || ' ' || sum(twice) FROM shop.customer"));
        String comments = finish();
        // Before v24.1, or in any version, CockroachDB does not know these.
        assertThat(Files.readString(directory.resolve("left-out.sql")))
                .doesNotContain(" AS IDENTITY", "RESTART", " CYCLE", "DEFERRABLE");

        assertThat(comments)
                .contains("sequence shop.rounds begins again at its end on the source")
                .contains("index by_price of shop.customer cannot be made on CockroachDB")
                .contains("column p is of domain shop.positive with DEFAULT 7 CHECK ((VALUE > 0))");
        assertThat(rows(
                        databases.target,
                        "INSERT INTO shop.customer (\"E-Mail\") VALUES ('new') RETURNING id, mood, number, twice"))
                .containsExactly("51|ok|600|1200");
        assertThat(rows(
                        databases.target,
                        "INSERT INTO shop.\"order\" (line, customer) VALUES (1, 51) RETURNING id, placed IS NOT NULL"))
                .containsExactly("255|t");
        assertThat(one(databases.target, "SELECT nextval('shop.numbers')")).isEqualTo("610");
        refuses("23505", "INSERT INTO shop.customer (\"E-Mail\") VALUES ('NEW')");
        refuses("23514", "INSERT INTO shop.customer (\"E-Mail\", price) VALUES ('other', 0)");
        refuses("23503", "INSERT INTO shop.\"order\" (line, customer) VALUES (1, 9999)");
        assertThat(rows(
                        databases.target,
                        "SELECT indexname FROM pg_indexes WHERE schemaname = 'shop' AND indexname IN ('by_customer', 'by_price',"
                                + " 'lower_mail') ORDER BY 1"))
                .containsExactly("by_customer", "lower_mail");

        // Once more, as after an interruption: nothing is in the way.
        assertThat(recreate("--schema-filter=shop")).as(command::told).isZero();
        assertThat(one(databases.target, "SELECT count(*) FROM shop.customer")).isEqualTo("50");
        finish();
        assertThat(rows(databases.target, "INSERT INTO shop.\"order\" (line, customer) VALUES (1, 1) RETURNING id"))
                .containsExactly("255");
    }

    @Test
    void aTypeMapFileDecidesTheTypes() throws SQLException {
        databases.onSource(
                "CREATE TABLE t (id int PRIMARY KEY, a int, b boolean, c varchar(40), d timestamp)",
                "INSERT INTO t VALUES (1, 7, true, '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '2024-01-02 03:04:05')");
        Path types = command.file(
                "types.json",
                "[{\"table\": \"public.t\", \"column_type_map\": [{\"column\": \"*\", \"source_type\": \"int\", \"crdb_type\": \"INT8\"},"
                        + "{\"column\": \"b\", \"source_type\": \"boolean\", \"crdb_type\": \"INT2\"},"
                        + "{\"column\": \"c\", \"source_type\": \"varchar\", \"crdb_type\": \"UUID\"},"
                        + "{\"column\": \"d\", \"source_type\": \"timestamp\", \"crdb_type\": \"TIMESTAMPTZ\"}]}]");
        assertThat(recreate("--table-filter=t", "--type-map-file=" + types))
                .as(command::told)
                .isZero();
        Table made =
                databases.target.catalog().table(LoadEnvironment.table("t")).orElseThrow();
        assertThat(made.requireColumn("a").type().integerBytes()).isEqualTo(8);
        assertThat(made.requireColumn("b").type().integerBytes()).isEqualTo(2);
        assertThat(made.requireColumn("c").type().kind()).isEqualTo(TypeKind.UUID);
        assertThat(rows(databases.target, "SELECT id, a, b, c, d AT TIME ZONE 'UTC' FROM t"))
                .containsExactly("1|7|1|6f9619ff-8b86-d011-b42d-00cf4fc964ff|2024-01-02 03:04:05");
    }

    private void parentAndChild() throws SQLException {
        databases.onBoth(
                "CREATE TABLE parent (id int PRIMARY KEY, region text)",
                "CREATE TABLE child (id int PRIMARY KEY, parent int CONSTRAINT child_parent_fkey REFERENCES parent)");
        databases.onSource(
                "INSERT INTO parent VALUES (1, 'eu'), (2, 'us')",
                "INSERT INTO child SELECT i, i % 2 + 1 FROM generate_series(1, 10) i");
        databases.onTarget("INSERT INTO parent VALUES (7, 'old')", "INSERT INTO child VALUES (77, 7)");
    }

    @Test
    void tablesAreEmptiedTogetherAndNeverThoseOfOthers() throws SQLException {
        parentAndChild();
        String both = "--table-filter=parent|child";
        assertThat(command.run("--table-filter=parent", "--table-handling=truncate-if-exists"))
                .isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("child");
        assertThat(command.run(both, "--table-handling=truncate-if-exists", "--row-filter=public.parent=region = 'eu'"))
                .isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("would lose rows that do not belong to this load");
        assertThat(one(databases.target, "SELECT count(*) FROM child")).isEqualTo("1");

        assertThat(command.run(both, "--table-handling=truncate-if-exists"))
                .as(command::told)
                .isZero();
        assertThat(rows(databases.target, "SELECT id, region FROM parent ORDER BY id"))
                .containsExactly("1|eu", "2|us");
        assertThat(one(databases.target, "SELECT count(*) FROM child")).isEqualTo("10");
    }

    @Test
    void rowsOfOthersStayWhereNothingIsToBeDoneToTheTables() throws SQLException {
        parentAndChild();
        String eu = "--row-filter=public.parent=region = 'eu'";
        assertThat(command.run("--table-filter=parent")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("the target already holds rows of public.parent");
        assertThat(command.run("--table-filter=parent", eu)).as(command::told).isZero();
        assertThat(rows(databases.target, "SELECT id, region FROM parent ORDER BY id"))
                .containsExactly("1|eu", "7|old");
        assertThat(command.run("--table-filter=parent", eu)).isEqualTo(2);
    }

    @Test
    void sequencesAndIdentitiesGoOnBehindThoseOfTheSource() throws SQLException {
        databases.onSource(
                "CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY (INCREMENT 10))",
                "CREATE TABLE plain (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
                "INSERT INTO t SELECT FROM generate_series(1, 30)",
                "DELETE FROM t WHERE id > 20",
                "INSERT INTO plain DEFAULT VALUES");
        databases.onTarget(
                "CREATE SEQUENCE t_id_seq",
                "CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('t_id_seq'), n int NOT NULL GENERATED BY DEFAULT AS IDENTITY"
                        + " (INCREMENT 10))",
                "CREATE TABLE plain (id int PRIMARY KEY)");
        assertThat(command.run("--table-filter=t|plain", "--sequences=set"))
                .as(command::told)
                .isZero();
        assertThat(rows(databases.target, "INSERT INTO t DEFAULT VALUES RETURNING id, n"))
                .containsExactly("31|301");
        assertThat(command.out.toString())
                .contains(
                        "sequence set: SELECT setval('\"public\".\"t_id_seq\"', 30)",
                        "sequence set: SELECT setval(pg_get_serial_sequence('\"public\".\"t\"', 'n'), 291)")
                .containsPattern(
                        "warning: a sequence could not be set, since the column takes its values from none.*plain");
    }

    /** CockroachDB's catalog knows columns by two numbers, which differ once a type was changed; and unique keys that no index keeps. */
    @Test
    void constraintsAreReadWhereTheNumbersOfTheirColumnsDoNotTell() throws SQLException {
        parentAndChild();
        changeColumnAndAddKey();
        var catalog = databases.target.catalog();
        assertThat(catalog.foreignKeys()).singleElement().satisfies(key -> {
            assertThat(key.childColumns()).containsExactly("parent");
            assertThat(key.parentColumns()).containsExactly("id");
        });
        assertThat(catalog.table(new TableName("public", "parent"))
                        .orElseThrow()
                        .uniqueKeys())
                .singleElement()
                .satisfies(key -> {
                    assertThat(key.columns()).containsExactly("region");
                    assertThat(key.partial()).isFalse();
                });
    }

    /** A foreign key of which the catalog has other numbers, and a unique key over {@code parent.region} without an index. */
    private void changeColumnAndAddKey() throws SQLException {
        cluster.execute(
                List.of(
                        "ALTER TABLE child DROP CONSTRAINT child_parent_fkey",
                        "SET enable_experimental_alter_column_type_general = true",
                        "ALTER TABLE child ALTER COLUMN parent TYPE STRING",
                        "ALTER TABLE child ALTER COLUMN parent TYPE INT8 USING parent::INT8",
                        "ALTER TABLE child ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent) REFERENCES parent (id)",
                        "SET experimental_enable_unique_without_index_constraints = true",
                        "ALTER TABLE parent ADD CONSTRAINT unique_region UNIQUE WITHOUT INDEX (region)"),
                List.of(
                        "DROP VIEW stand_in.constraints",
                        "CREATE VIEW stand_in.constraints AS SELECT oid, conname, contype, conrelid, conindid, confrelid, condeferrable,"
                                + " confdeltype, ARRAY[99] AS conkey, confkey, pg_get_constraintdef(oid) AS condef FROM pg_constraint"
                                + " UNION ALL SELECT 1, 'unique_region', 'u', 'parent'::regclass::oid, 0, 0, false, '', NULL, NULL,"
                                + " 'UNIQUE WITHOUT INDEX (region)'"));
    }
}

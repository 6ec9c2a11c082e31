package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compares tables of two real databases. */
@ExtendWith(SharedServer.class)
class StructureTest {
    private static final String[] TYPES = {
        "CREATE TYPE two AS ENUM ('a', 'b')",
        "CREATE TYPE three AS ENUM ('c', 'b', 'a')",
        "CREATE DOMAIN short_text AS varchar(3)",
        "CREATE DOMAIN integer_4 AS int4",
        "CREATE DOMAIN integer_8 AS int8",
    };

    /** Source type, target type. */
    private static final String[][] FIT = {
        {"int2", "int4"},
        {"int4", "int8"},
        {"int2", "int8"},
        {"int4", "integer_4"},
        {"integer_4", "int8"},
        {"int4", "integer_8"},
        {"varchar(3)", "varchar(3)"},
        {"varchar(3)", "varchar(10)"},
        {"varchar(3)", "text"},
        {"varchar", "text"},
        {"text", "varchar"},
        {"short_text", "varchar(3)"},
        {"varchar(2)", "short_text"},
        {"text COLLATE \"C\"", "text COLLATE \"en-x-icu\""},
        {"char(3)", "char(3)"},
        {"bit(3)", "bit(3)"},
        {"varbit(3)", "varbit(4)"},
        {"varbit(3)", "varbit"},
        {"numeric(5,2)", "numeric(5,2)"},
        {"numeric(5,2)", "numeric(6,3)"},
        {"numeric(5,2)", "numeric"},
        {"numeric(3,-2)", "numeric(5,0)"},
        {"numeric(3,-2)", "numeric(3,-2)"},
        {"numeric(2,4)", "numeric(2,4)"},
        {"numeric(2,4)", "numeric(3,5)"},
        {"numeric", "numeric"},
        {"json", "jsonb"},
        {"json", "json"},
        {"jsonb", "jsonb"},
        {"float4", "float8"},
        {"timestamp(3)", "timestamp"},
        {"timestamp", "timestamp(6)"},
        {"timestamptz(0)", "timestamptz(3)"},
        {"time(3)", "time(4)"},
        {"interval(3)", "interval"},
        {"interval", "interval(6)"},
        {"interval day to second(3)", "interval"},
        {"interval year", "interval year"},
        {"two", "two"},
        {"two", "three"},
        {"two[]", "three[]"},
        {"varchar(3)[]", "varchar(10)[]"},
        {"varchar(3)[]", "text[]"},
        {"int4[]", "int8[]"},
        {"numeric(5,2)[]", "numeric[]"},
        {"bytea", "bytea"},
        {"uuid", "uuid"},
        {"inet", "inet"},
        {"date", "date"},
        {"boolean", "boolean"},
    };

    private static final String[][] DO_NOT_FIT = {
        {"int8", "int4"},
        {"int4", "int2"},
        {"int8", "integer_4"},
        {"integer_8", "int4"},
        {"varchar(10)", "varchar(3)"},
        {"text", "varchar(10)"},
        {"varchar(10)", "short_text"},
        {"text", "short_text"},
        {"char(3)", "char(4)"},
        {"char(3)", "varchar(3)"},
        {"char(3)", "text"},
        {"text", "char(3)"},
        {"bit(3)", "bit(4)"},
        {"bit(3)", "varbit(3)"},
        {"varbit(4)", "varbit(3)"},
        {"varbit", "varbit(3)"},
        {"numeric(5,2)", "numeric(5,3)"},
        {"numeric(5,2)", "numeric(6,1)"},
        {"numeric", "numeric(1000,500)"},
        {"numeric(3,-2)", "numeric(4,0)"},
        {"numeric(3,0)", "numeric(3,-2)"},
        {"numeric(2,4)", "numeric(4,2)"},
        {"jsonb", "json"},
        {"float8", "float4"},
        {"timestamp", "timestamp(3)"},
        {"timestamp(6)", "timestamp(5)"},
        {"timestamp", "timestamptz"},
        {"timestamptz", "timestamp"},
        {"date", "timestamp"},
        {"time", "timetz"},
        {"interval", "interval(3)"},
        {"interval", "interval day"},
        {"interval year", "interval day to second"},
        {"interval day to second(6)", "interval day to second(3)"},
        {"three", "two"},
        {"three[]", "two[]"},
        {"two", "text"},
        {"varchar(10)[]", "varchar(3)[]"},
        {"text[]", "varchar(10)[]"},
        {"int8[]", "int4[]"},
        {"int4", "int4[]"},
        {"numeric[]", "numeric(5,2)[]"},
        {"timestamp[]", "timestamp(3)[]"},
        {"int4", "numeric"},
        {"int4", "float8"},
        {"text", "bytea"},
        {"point", "point"},
        {"point[]", "point[]"},
        {"tsvector", "tsvector"},
    };

    private static List<StructureDifference> compare(Catalog source, Catalog target, String... tables) {
        return StructureComparison.compare(
                List.of(tables).stream()
                        .map(name -> source.table(new TableName("public", name)).orElseThrow())
                        .toList(),
                target);
    }

    private static String columns(String[][] pairs, int side) {
        List<String> columns = new ArrayList<>(List.of("id int PRIMARY KEY"));
        for (int i = 0; i < pairs.length; i++) {
            columns.add("c" + i + " " + pairs[i][side]);
        }
        return "(" + String.join(", ", columns) + ")";
    }

    private static Database database(PostgresServer server, int side) throws SQLException {
        Database database = SharedServer.database(server, TYPES);
        SharedServer.execute(
                database, "CREATE TABLE fit " + columns(FIT, side), "CREATE TABLE misfit " + columns(DO_NOT_FIT, side));
        return database;
    }

    @Test
    void takesTypesThatHoldEveryValueAndNoOthers(PostgresServer server) throws SQLException {
        Catalog source = database(server, 0).catalog();
        Catalog target = database(server, 1).catalog();
        assertThat(compare(source, target, "fit")).isEmpty();
        List<StructureDifference> differences = compare(source, target, "misfit");
        assertThat(differences)
                .extracting(StructureDifference::column)
                .containsExactlyElementsOf(IntStream.range(0, DO_NOT_FIT.length)
                        .mapToObj(i -> "c" + i)
                        .toList());
        assertThat(differences.get(0).message()).isEqualTo("type is bigint on the source and integer on the target");
        assertThat(differences.get(DO_NOT_FIT.length - 1).message())
                .isEqualTo("type tsvector is not carried by this version");
    }

    @Test
    void findsEachKindOfDifference(PostgresServer server) throws SQLException {
        Database source = SharedServer.database(
                server,
                "CREATE TABLE missing (id int PRIMARY KEY)",
                "CREATE TABLE key_order (a int, b int, PRIMARY KEY (a, b))",
                "CREATE TABLE no_key (a int NOT NULL)",
                "CREATE TABLE columns (id int PRIMARY KEY, gone int, nullable int, was_null int NOT NULL,"
                        + " computed_here int GENERATED ALWAYS AS (id * 2) STORED, computed_there int,"
                        + " computed int GENERATED ALWAYS AS (id * 2) STORED, \"Case\" int, counted int, domain int)",
                "CREATE TABLE same (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b text)");
        Database target = SharedServer.database(
                server,
                "CREATE DOMAIN never_null AS int NOT NULL",
                "CREATE TABLE \"Missing\" (id int PRIMARY KEY)",
                "CREATE TABLE key_order (a int, b int, PRIMARY KEY (b, a))",
                "CREATE TABLE no_key (a int PRIMARY KEY)",
                "CREATE TABLE columns (id int PRIMARY KEY, nullable int NOT NULL, was_null int,"
                        + " computed_here int, computed_there int GENERATED ALWAYS AS (id * 2) STORED,"
                        + " computed int GENERATED ALWAYS AS (id * 2) STORED, \"case\" int, more int,"
                        + " counted int GENERATED ALWAYS AS IDENTITY, domain never_null)",
                "CREATE TABLE same (b text, a int, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        assertThat(compare(source.catalog(), target.catalog(), "missing", "key_order", "no_key", "columns", "same"))
                .extracting(StructureDifference::toString)
                .containsExactly(
                        "public.missing: missing on the target",
                        "public.key_order: primary key is (a, b) on the source and (b, a) on the target",
                        "public.no_key: primary key is () on the source and (a) on the target",
                        "public.columns.gone: missing on the target",
                        "public.columns.nullable: may be NULL on the source but not on the target",
                        "public.columns.computed_here: computed on the source only",
                        "public.columns.computed_there: computed on the target only",
                        "public.columns.Case: missing on the target",
                        "public.columns.counted: GENERATED ALWAYS AS IDENTITY on the target, and so takes no changes;"
                                + " make it GENERATED BY DEFAULT",
                        "public.columns.counted: may be NULL on the source but not on the target",
                        "public.columns.domain: may be NULL on the source but not on the target",
                        "public.columns.case: missing on the source",
                        "public.columns.more: missing on the source");
    }
}

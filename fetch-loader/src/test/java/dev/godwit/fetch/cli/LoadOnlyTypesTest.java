package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.TypeRoundTripTest;
import dev.godwit.fetch.schema.TypeMapFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Types that a load carries although replication does not, and those that nobody carries: together with {@link TypeRoundTripTest} all that PostgreSQL has. */
class LoadOnlyTypesTest {
    /** Type and the literals of its values, edges first. */
    private static final String[][] TYPES = {
        {"money", "'-92233720368547758.08'", "'0.01'", "'12345.67'"},
        {"\"char\"", "'a'", "'\\377'", "''", "'\\\\'"},
        {"\"name\"", "'x'", "''", "'very \"odd\" \\ name'"},
        {"oid", "4294967295", "0"},
        {"xid", "'4294967295'"},
        {"xid8", "'18446744073709551615'"},
        {"cid", "'7'"},
        {"tid", "'(4294967294,65535)'"},
        {"pg_lsn", "'FFFFFFFF/FFFFFFFF'", "'0/0'"},
        {"macaddr", "'08:00:2b:01:02:03'"},
        {"macaddr8", "'08:00:2b:01:02:03:04:05'"},
        {"cidr", "'10.1.0.0/16'", "'2001:db8::/32'"},
        {"point", "'(1.5,-0)'", "'(NaN,Infinity)'", "'(1e-300,0.30000000000000004)'"},
        {"line", "'{1,-2,0.1}'"},
        {"lseg", "'[(1,2),(3,4)]'"},
        {"box", "'(3,4),(1,2)'"},
        {"path", "'[(1,2),(3,4),(5,6)]'", "'((1,2),(3,4))'"},
        {"polygon", "'((0,0),(1,1),(1,0.1))'"},
        {"circle", "'<(1,2),0.1>'"},
        {"tsvector", "'a:1A fat:2,3B ''b \\\\ ''''c'''", "''"},
        {"tsquery", "'''a b'' & !c:*B | d <2> e'"},
        {"int4range", "'empty'", "'[1,5)'", "'(,)'"},
        {"int8range", "'[-9223372036854775808,9223372036854775807)'"},
        {"numrange", "'[1.10,2.0]'", "'(NaN,]'"},
        {"tsrange", "'[-infinity,infinity]'", "'[\"2024-01-01 00:00:00.000001\",)'"},
        {"tstzrange", "'[\"2024-10-27 02:30:00.000001+01\",infinity)'"},
        {"daterange", "'[2024-02-29,2024-03-01)'", "'(,0044-03-15 BC)'"},
        {"int4multirange", "'{}'", "'{[1,3),[5,9)}'"},
        {"int8multirange", "'{[1,3)}'"},
        {"nummultirange", "'{[1.10,2.0]}'"},
        {"tsmultirange", "'{[2024-01-01,2024-01-02)}'"},
        {"tstzmultirange", "'{[2024-01-01,infinity)}'"},
        {"datemultirange", "'{[2024-01-01,2024-01-02),[2024-02-01,)}'"},
        {"jsonpath", "'$.a[*] ? (@.b > 1 && @.c == \"x\\\\ny\")'"},
        {"int2vector", "'1 -2 3'"},
        {"oidvector", "'1 2 4294967295'"},
        {"txid_snapshot", "'10:20:10,14,15'"},
        {"pg_snapshot", "'10:20:10,14,15'"},
        {"refcursor", "'a \"cursor\"'"},
        {"bpchar", "'trailing  '", "''"},
        {"int4range[]", "'{\"[1,5)\",empty,NULL}'"},
        {"point[]", "'{\"(1,2)\",\"(3,4)\"}'"},
        {"money[]", "'{12.30,NULL}'"},
        {"numeric[]", "'[-3:-2]={NaN,1.10}'", "'{{1,2},{3,NULL}}'"},
        {"uuid[]", "'{}'", "'{00000000-0000-0000-0000-000000000000}'"},
        {"json[]", "array['{\"a\" :  1}'::json, 'null'::json, NULL]"},
    };

    /** Their values name objects of one database. */
    private static final Set<String> REFUSED = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype",
            "aclitem");

    /** PostgreSQL itself takes no value of them from anybody, or has them for its own catalogs only. */
    private static final Set<String> INTERNAL = Set.of(
            "pg_node_tree",
            "pg_ndistinct",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "gtsvector");

    private static final Set<String> REPLICATED = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bytea",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "json",
            "jsonb",
            "inet",
            "bit",
            "varbit");

    private static FetchResult load(TestDatabases databases, String... tables) {
        return FetchJob.run(
                databases
                        .request(List.of(tables).stream()
                                .map(TestDatabases::all)
                                .toArray(dev.godwit.database.filter.TableSlice[]::new))
                        .tableOptions(new TableOptions(
                                TableHandling.NONE,
                                TypeMapFile.NONE,
                                Optional.empty(),
                                false,
                                TableOptions.Purpose.LOAD,
                                TableOptions.Sequences.NONE))
                        .build(),
                new FetchListener() {});
    }

    @Test
    void everyTypeOfTheServerIsCarriedOrRefusedByName() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        Set<String> known = new HashSet<>(REPLICATED);
        known.addAll(REFUSED);
        known.addAll(INTERNAL);
        for (String[] type : TYPES) {
            known.add(type[0].replace("\"", ""));
        }
        known.add("xml"); // see below; a server that was built without XML has the type, but no values
        assertThat(
                        rows(
                                databases.source,
                                "SELECT typname FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname = 'pg_catalog'"
                                        + " AND typtype IN ('b', 'r', 'm') AND NOT (typelem <> 0 AND typname LIKE '\\_%') ORDER BY 1"))
                .allSatisfy(type -> assertThat(known).contains(type));
    }

    private static boolean hasXml(TestDatabases databases) {
        try {
            one(databases.source, "SELECT '<a/>'::xml");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void valuesArriveAsTheyWere() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            columns.add("c" + i + " " + TYPES[i][0]);
        }
        String create = "CREATE TABLE every_type (id serial PRIMARY KEY, " + String.join(", ", columns) + ")";
        databases.onSource(create, "INSERT INTO every_type DEFAULT VALUES");
        databases.onTarget(create);
        for (int i = 0; i < TYPES.length; i++) {
            for (int value = 1; value < TYPES[i].length; value++) {
                databases.onSource("INSERT INTO every_type (c" + i + ") VALUES (" + TYPES[i][value] + ")");
            }
        }
        String name = one(databases.target, "SELECT current_database()");
        databases.onTarget("ALTER DATABASE " + name + " SET DateStyle = 'SQL, DMY'");

        FetchResult result = load(databases, "public.every_type");

        // By the binary form, which does not pass through the text that the load uses.
        String all = "SELECT id, md5(record_send(t)) FROM every_type t ORDER BY id";
        assertThat(rows(databases.target, all))
                .hasSize((int) result.rowsTotal())
                .isEqualTo(rows(databases.source, all));
    }

    @Test
    void everyByteOfAnXmlValueIsKept() throws SQLException {
        TestDatabases databases = TestDatabases.with("CREATE TABLE x (id int PRIMARY KEY, v xml)");
        assumeThat(hasXml(databases)).as("the server was built with XML").isTrue();
        databases.onSource(
                "INSERT INTO x VALUES (1, '<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"c\">ü&amp;\\</a>'),"
                        + " (2, 'text <b/> more'), (3, ''), (4, NULL)");
        load(databases, "public.x");
        String all = "SELECT id, v::text FROM x ORDER BY id";
        assertThat(rows(databases.target, all)).isEqualTo(rows(databases.source, all));
    }

    @Test
    void typesOfTheUserArriveToo() throws SQLException {
        String[] types = {
            "CREATE TYPE mood AS ENUM ('ok', 'not \"so\" ok')",
            "CREATE TYPE inner_type AS (a int, b text)",
            "CREATE TYPE outer_type AS (i inner_type, moods mood[], r int4range)",
            "CREATE DOMAIN pair AS int[] CHECK (array_length(VALUE, 1) = 2)",
            "CREATE DOMAIN wrapped AS inner_type",
            "CREATE TYPE float_range AS RANGE (subtype = float8)",
            "CREATE TABLE t (id int PRIMARY KEY, o outer_type, os outer_type[], p pair, w wrapped, f float_range)"
        };
        TestDatabases databases = TestDatabases.with(types);
        databases.onSource(
                "INSERT INTO t VALUES (1, ROW(ROW(1, E'tab\\t, \"quote\" \\\\ (x)'), '{ok,\"not \\\"so\\\" ok\",NULL}', '[1,5)'),"
                        + " ARRAY[ROW(ROW(NULL, ''), NULL, 'empty')::outer_type, NULL], '{1,2}', ROW(3, NULL), '[0.1,0.30000000000000004)'),"
                        + " (2, NULL, '{}', NULL, NULL, 'empty')");
        load(databases, "public.t");
        String all = "SELECT id, t::text FROM t ORDER BY id";
        assertThat(rows(databases.target, all)).hasSize(2).isEqualTo(rows(databases.source, all));
    }

    @Test
    void compositeTypesThatDifferAreRefusedWithTheColumn() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        databases.onSource("CREATE TYPE c AS (a int, b text)", "CREATE TABLE t (id int PRIMARY KEY, v c)");
        databases.onTarget("CREATE TYPE c AS (b text, a int)", "CREATE TABLE t (id int PRIMARY KEY, v c)");
        assertThatThrownBy(() -> load(databases, "public.t"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("column public.t.v: type \"public\".\"c\" is (a integer, b text) on the source");
    }

    @Test
    void valuesThatNameObjectsOfOneDatabaseAreRefusedWithTheColumn() throws SQLException {
        TestDatabases databases = TestDatabases.create();
        List<String> columns = new ArrayList<>();
        REFUSED.forEach(type -> columns.add(type + "_value " + type + ", " + type + "_array " + type + "[]"));
        String create = "CREATE TABLE t (id int PRIMARY KEY, " + String.join(", ", columns) + ")";
        databases.onSource(create);
        databases.onTarget(create);
        assertThatThrownBy(() -> load(databases, "public.t"))
                .isInstanceOf(RefusedException.class)
                .satisfies(refusal -> REFUSED.forEach(type -> assertThat(refusal)
                        .hasMessageContaining("column public.t." + type + "_value: ")
                        .hasMessageContaining("column public.t." + type + "_array: ")));
    }

    @Test
    void replicationRefusesWhatItCannotCarry() throws SQLException {
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY, v int4range)");
        assertThatThrownBy(() -> databases.load(TestDatabases.all("public.t")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("column public.t.v: type int4range is not carried by this version");
    }
}

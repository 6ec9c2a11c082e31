package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.source;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Filters, transformations and the rules of names, on the command line and on real tables. */
@ExtendWith(TwoDatabases.class)
class SelectionTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    @AfterEach
    void dropOtherSchema() {
        both("DROP SCHEMA IF EXISTS s2 CASCADE");
    }

    @Test
    void comparesTheRowsThatAFilterFileSelects() {
        both(
                "CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT); INSERT INTO s.a SELECT i, 'v' FROM generate_series(1, 100) i;"
                        + " CREATE TABLE s.b (id INT PRIMARY KEY, v TEXT); INSERT INTO s.b SELECT i, 'v' FROM generate_series(1, 100) i");
        target("UPDATE s.a SET v = 'x' WHERE id IN (5, 50); UPDATE s.b SET id = -id WHERE id > 10");
        Path filters = file("""
                {"filters": [
                  {"resource_specifier": {"schema": "s", "table": "A"}, "expr": "id < 10"},
                  {"resource_specifier": {"schema": "s", "table": "b"},
                   "source_expr": "mod(id, 2) = 0 AND id <= 10 -- even", "target_expr": "id IN (2, 4, 6, 8, 10)"}
                ]}
                """);
        assertThat(verify("--filter-path", filters)).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("s\\.a +9 +8 +0 +1 +0 +0")
                .contains("(id=5) in v")
                .containsPattern("s\\.b +5 +5 +0 +0 +0 +0");
    }

    @Test
    void filterFilesAreReadStrictly() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT); INSERT INTO s.a VALUES (1, 'v')");
        String specifier = "\"resource_specifier\": {\"schema\": \"s\", \"table\": \"a\"}";
        refusedFilters("has no filters", "{}");
        refusedFilters("line 1: filter is not known", "{\"filter\": []}");
        refusedFilters(
                "line 2: filters[0].exp is not known", "{\"filters\": [{" + specifier + ",\n \"exp\": \"id = 1\"}]}");
        refusedFilters(
                "filters[0].expr has a value of the wrong type", "{\"filters\": [{" + specifier + ", \"expr\": 1}]}");
        refusedFilters(
                "Duplicate field 'expr'",
                "{\"filters\": [{" + specifier + ", \"expr\": \"id = 1\", \"expr\": \"id = 2\"}]}");
        refusedFilters("filters[0] has no resource_specifier", "{\"filters\": [{\"expr\": \"id = 1\"}]}");
        refusedFilters(
                "has no resource_specifier.table",
                "{\"filters\": [{\"resource_specifier\": {\"schema\": \"s\"}, \"expr\": \"id = 1\"}]}");
        refusedFilters("neither expr nor both", "{\"filters\": [{" + specifier + ", \"source_expr\": \"id = 1\"}]}");
        refusedFilters(
                "expr beside source_expr",
                "{\"filters\": [{" + specifier + ", \"expr\": \"id = 1\", \"target_expr\": \"id = 1\"}]}");
        refusedFilters(
                "names s.a again",
                "{\"filters\": [{" + specifier + ", \"expr\": \"id = 1\"}, {" + specifier
                        + ", \"expr\": \"id = 1\"}]}");
        refusedFilters(
                "which is not among the selected tables",
                "{\"filters\": [{\"resource_specifier\": {\"schema\": \"s\", \"table\": \"b\"}, \"expr\": \"id = 1\"}]}");
        refusedFilters(
                "the source does not take the condition",
                "{\"filters\": [{" + specifier + ", \"expr\": \"nowhere = 1\"}]}");
        refusedFilters(
                "the target does not take the condition",
                "{\"filters\": [{" + specifier + ", \"source_expr\": \"id = 1\", \"target_expr\": \"id = = 1\"}]}");
        refusedFilters("selects no row", "{\"filters\": [{" + specifier + ", \"expr\": \"id + 1 = 1\"}]}");
        refusedFilters("line 1: Unrecognized token", "nonsense");
        refused("there is no file", "--filter-path", directory.resolve("nowhere"));
        Path good = file("{\"filters\": [{" + specifier + ", \"expr\": \"id = 1\"}]}");
        refused("both name s.a", "--filter-path", good, "--row-filter", "s.a=id = 1");
    }

    private void refusedFilters(String message, String text) {
        refused(message, "--filter-path", file(text));
    }

    @Test
    void comparesTablesAndSchemasThatHaveOtherNamesOnTheTarget() {
        source(
                "CREATE TABLE s.t (id INT PRIMARY KEY, v TEXT); INSERT INTO s.t SELECT i, 'v' FROM generate_series(1, 10) i;"
                        + " CREATE TABLE s.u (id INT PRIMARY KEY); INSERT INTO s.u VALUES (1)");
        target(
                "CREATE SCHEMA s2; CREATE TABLE s2.t2 (id INT PRIMARY KEY, v TEXT);"
                        + " INSERT INTO s2.t2 SELECT i, 'v' FROM generate_series(1, 10) i; UPDATE s2.t2 SET v = NULL WHERE id = 3;"
                        + " CREATE TABLE s2.u (id INT PRIMARY KEY); INSERT INTO s2.u VALUES (1); CREATE TABLE s2.extra (id INT PRIMARY KEY)");
        Path rules = file("""
                {"transforms": [
                  {"id": 1, "resource_specifier": {"schema": "s", "table": "T"}, "table_rename_opts": {"value": "t2"}},
                  {"id": 2, "resource_specifier": {"schema": "s"}, "schema_rename_opts": {"value": "s2"}}
                ]}
                """);
        for (String way : List.of("--full", "--concurrency=2")) {
            out.getBuffer().setLength(0);
            assertThat(verify("--transformations-file", rules, way)).isEqualTo(1);
            assertThat(out.toString())
                    .containsPattern("s\\.t +10 +9 +0 +1 +0 +0")
                    .contains("(id=3) in v")
                    .containsPattern("s\\.u +1 +1 +0 +0 +0 +0")
                    .contains("s2.extra: missing on the source")
                    .contains("Different: 1 rows, 2 of 3 tables, 1 differences");
        }
    }

    @Test
    void comparesMergedTablesAsOne() {
        source("CREATE TABLE s.part_1 (id INT PRIMARY KEY, v TEXT); CREATE TABLE s.part_2 (v TEXT, id INT PRIMARY KEY);"
                + " INSERT INTO s.part_1 SELECT i, 'v' || i FROM generate_series(1, 99, 2) i;"
                + " INSERT INTO s.part_2 SELECT 'v' || i, i FROM generate_series(2, 100, 2) i");
        target(
                "CREATE TABLE s.whole (id INT PRIMARY KEY, v TEXT); INSERT INTO s.whole SELECT i, 'v' || i FROM generate_series(1, 100) i");
        Path rules = file(
                "{\"transforms\": [{\"id\": 1, \"resource_specifier\": {\"schema\": \"s\", \"table\": \"part_.*\"},"
                        + " \"table_rename_opts\": {\"value\": \"whole\"}}]}");
        for (String way : List.of("--full", "--concurrency=2")) {
            assertThat(verify("--transformations-file", rules, way)).isZero();
        }
        assertThat(out.toString()).containsPattern("s\\.whole +100 +100 +0 +0 +0 +0");
        target("DELETE FROM s.whole WHERE id = 4; INSERT INTO s.whole VALUES (200, 'x')");
        for (String way : List.of("--full", "--concurrency=2")) {
            out.getBuffer().setLength(0);
            assertThat(verify("--transformations-file", rules, way)).isEqualTo(1);
            assertThat(out.toString()).contains("(id=4)").contains("(id=200)").contains("Different: 2 rows");
        }
        source("ALTER TABLE s.part_2 ADD w INT");
        out.getBuffer().setLength(0);
        assertThat(verify("--transformations-file", rules)).isEqualTo(1);
        assertThat(out.toString()).contains("s.part_2: cannot be merged");
        refused(
                "is merged with others",
                "--transformations-file",
                rules,
                "--filter-path",
                file(
                        "{\"filters\": [{\"resource_specifier\": {\"schema\": \"s\", \"table\": \"part_1\"}, \"expr\": \"id = 1\"}]}"));
    }

    @Test
    void leavesOutTheColumnsThatATransformationNames() {
        source("CREATE TABLE s.t (id INT PRIMARY KEY, age INT, v TEXT); INSERT INTO s.t VALUES (1, 7, 'v')");
        target("CREATE TABLE s.t (id INT PRIMARY KEY, v TEXT); INSERT INTO s.t VALUES (1, 'v')");
        assertThat(verify("--transformations-file", exclusion("^age$"))).isZero();
        assertThat(verify()).isEqualTo(1);
        refused("part of its primary key", "--transformations-file", exclusion("id"));
        refused("matches nothing", "--transformations-file", exclusion("ag"));
    }

    private Path exclusion(String column) {
        return file("{\"transforms\": [{\"id\": 1, \"resource_specifier\": {\"schema\": \".*\", \"table\": \".*\"},"
                + " \"column_exclusion_opts\": {\"column\": \"" + column + "\"}}]}");
    }

    @Test
    void transformationFilesAreReadStrictly() {
        both("CREATE TABLE s.t (id INT PRIMARY KEY)");
        String specifier = "\"resource_specifier\": {\"schema\": \"s\", \"table\": \"t\"}";
        refusedTransformations("has no transforms", "{\"transforms\": []}");
        refusedTransformations("says nothing to do", "{\"transforms\": [{\"id\": 1, " + specifier + "}]}");
        refusedTransformations(
                "transforms[0].column_rename_opts is not known",
                "{\"transforms\": [{\"id\": 1, " + specifier + ", \"column_rename_opts\": {}}]}");
        refusedTransformations(
                "is no regular expression",
                "{\"transforms\": [{\"resource_specifier\": {\"table\": \"(\"}, \"table_rename_opts\": {\"value\": \"x\"}}]}");
        refusedTransformations(
                "has no table_rename_opts.value", "{\"transforms\": [{" + specifier + ", \"table_rename_opts\": {}}]}");
        String first = "{\"id\": 1, " + specifier + ", \"table_rename_opts\": {\"value\": \"x\"}}";
        refusedTransformations("has the id 1 of another rule", "{\"transforms\": [" + first + ", " + first + "]}");
    }

    @Test
    void whereRulesOverlapTheLaterOneCounts() {
        source("CREATE TABLE s.t (id INT PRIMARY KEY, v TEXT); INSERT INTO s.t VALUES (1, 'v')");
        target("CREATE TABLE s.y (id INT PRIMARY KEY, v TEXT); INSERT INTO s.y VALUES (1, 'v')");
        String specifier = "\"resource_specifier\": {\"schema\": \"s\", \"table\": \"t\"}";
        Path rules = file("{\"transforms\": [{" + specifier + ", \"table_rename_opts\": {\"value\": \"x\"}}, {"
                + specifier + ", \"table_rename_opts\": {\"value\": \"y\"}}]}");
        assertThat(verify("--transformations-file", rules)).isZero();
    }

    private void refusedTransformations(String message, String text) {
        refused(message, "--transformations-file", file(text));
    }

    @Test
    void caseCountsOnlyIfAskedTo() {
        source("CREATE TABLE s.\"Users\" (\"Id\" INT PRIMARY KEY, v TEXT); INSERT INTO s.\"Users\" VALUES (1, 'v')");
        target("CREATE TABLE s.users (id INT PRIMARY KEY, \"V\" TEXT); INSERT INTO s.users VALUES (1, 'v')");
        assertThat(verify()).isZero();
        assertThat(out.toString()).contains("s.Users.Id: is called id on the target");
        assertThat(verify("--case-sensitive")).isEqualTo(1);
        assertThat(out.toString())
                .contains("s.Users: missing on the target")
                .contains("s.users: missing on the source");
        target("CREATE TABLE s.\"uSERS\" (id INT PRIMARY KEY)");
        refused("s.Users may be any of s.uSERS, s.users", "--case-sensitive=false");
    }

    @Test
    void excludesTables() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY); CREATE TABLE s.temp_1 (id INT PRIMARY KEY)");
        assertThat(verify("--table-exclusion-filter", "temp_.*")).isZero();
        assertThat(out.toString()).contains("s.a").doesNotContain("temp_1");
        refused("excludes every table", "--table-exclusion-filter", ".*");
    }

    private Path file(String text) {
        try {
            return Files.writeString(Files.createTempFile(directory, "rules", ".json"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refused(String message, Object... arguments) {
        assertThatThrownBy(() -> verify(arguments))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining(message);
    }

    private int verify(Object... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--source", TwoDatabases.source().url().withPassword(),
                "--target", TwoDatabases.target().url().withPassword(),
                "--schema-filter", "s"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        VerifyCommand command = new VerifyCommand(Map.of());
        new CommandLine(command).setOut(new PrintWriter(out)).parseArgs(all.toArray(String[]::new));
        return command.call();
    }
}

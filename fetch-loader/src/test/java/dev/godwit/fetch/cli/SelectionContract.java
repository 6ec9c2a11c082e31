package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables and rows are loaded, and under which names, by MOLT's files. */
abstract class SelectionContract {
    private static final String TRANSFORMS = "{\"transforms\": ["
            + "{\"id\": 1, \"resource_specifier\": {\"schema\": \"public\", \"table\": \"charges_part.*\"}, \"table_rename_opts\": {\"value\":"
            + " \"charges\"}},"
            + "{\"id\": 2, \"resource_specifier\": {\"schema\": \"public\"}, \"schema_rename_opts\": {\"value\": \"new\"}},"
            + "{\"id\": 3, \"resource_specifier\": {\"schema\": \".*\", \"table\": \".*\"}, \"column_exclusion_opts\": {\"column\":"
            + " \"secret\"}},"
            + "{\"id\": 4, \"resource_specifier\": {\"schema\": \"public\", \"table\": \"plain\"}, \"table_rename_opts\": {\"value\":"
            + " \"renamed\"}}]}";

    @TempDir
    Path directory;

    TestDatabases databases;
    CommandRun command;

    abstract LoadEnvironment environment();

    @BeforeEach
    void start() {
        databases = environment().create();
        command = new CommandRun(databases, directory).with(environment().always());
    }

    private Path filters(String table, String expression) {
        return command.file(
                "filter.json",
                "{\"filters\": [{\"resource_specifier\": {\"schema\": \"PUBLIC\", \"table\": \"" + table
                        + "\"}, \"expr\": \"" + expression + "\"}]}");
    }

    private void transformed() throws SQLException {
        databases.onSource(
                "CREATE TABLE charges_part1 (id int PRIMARY KEY, amount int, secret varchar(20))",
                "CREATE TABLE charges_part2 (amount int, id int PRIMARY KEY)",
                "CREATE TABLE plain (id int PRIMARY KEY, charge int, secret varchar(20))",
                "CREATE INDEX plain_secret ON plain (secret)",
                "INSERT INTO charges_part1" + environment().rows(100) + "i, i * 2, 's' FROM n",
                "INSERT INTO charges_part2" + environment().rows(100) + "(i + 100) * 2, i + 100 FROM n",
                "INSERT INTO plain" + environment().rows(100) + "i, i, 'secret' FROM n");
    }

    @Test
    void tablesAreRenamedMergedAndCut() throws SQLException {
        transformed();
        databases.onTarget(
                "CREATE SCHEMA new",
                "CREATE TABLE new.charges (id int PRIMARY KEY, amount int)",
                "CREATE TABLE new.renamed (id int PRIMARY KEY, charge int REFERENCES new.charges)");
        Path rules = command.file("rules.json", TRANSFORMS);
        Path filter = filters("charges_part2", "mod(amount, 2) = 0 AND id <= 150");
        List<Object> arguments = List.of("--transformations-file=" + rules, "--filter-path=" + filter, "--json");
        assertThat(command.run(arguments.toArray())).as(command::told).isZero();
        assertThat(rows(databases.target, "SELECT count(*), sum(amount) FROM new.charges"))
                .containsExactly("150|" + 150 * 151);
        assertThat(rows(databases.target, "SELECT count(*) FROM new.renamed")).containsExactly("100");
        assertThat(command.out.toString())
                .contains("contains column 'amount' which is not indexed. This may lead to performance issues.")
                .doesNotContain("contains column 'id'");

        assertThat(command.run(arguments.toArray())).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("the target already holds rows of new.charges");
    }

    @Test
    void renamedTablesAreMadeUnderTheirNewNamesAndGoThroughFiles() throws Exception {
        transformed();
        Path rules = command.file("rules.json", TRANSFORMS);
        Path leftOut = directory.resolve("left-out.sql");
        Object[] arguments = {
            "--table-handling=drop-on-target-and-recreate",
            "--left-out-ddl-file=" + leftOut,
            "--non-interactive",
            "--ignore-replication-check",
            "--local-path=" + directory.resolve("files"),
            "--transformations-file=" + rules,
            "--table-exclusion-filter=charges_part2"
        };
        Object[] merging = arguments.clone();
        merging[6] = "--json";
        assertThat(command.run(merging)).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("are merged into new.charges");
        assertThat(one(databases.target, "SELECT count(*) FROM pg_namespace WHERE nspname = 'new'"))
                .isEqualTo("0");
        assertThat(command.run(arguments)).as(command::told).isZero();
        assertThat(rows(databases.target, "SELECT * FROM new.renamed WHERE id = 3"))
                .containsExactly("3|3");
        assertThat(rows(databases.target, "SELECT count(*), sum(amount) FROM new.charges"))
                .containsExactly("100|" + 100 * 101);
        assertThat(Files.readString(leftOut)).contains("-- index plain_secret of ");
        databases.onTarget(Files.readString(leftOut));
    }

    @Test
    void whatTheSourceDoesNotUnderstandIsRefusedBeforeAnythingIsWritten() throws SQLException {
        databases.onBoth("CREATE TABLE t (id int PRIMARY KEY, n int)");
        databases.onSource("INSERT INTO t VALUES (1, 2)");
        assertThat(command.run("--filter-path=" + filters("t", "no_such_function(n) = 1")))
                .isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("the source does not take the filter of public.t");
        assertThat(command.run("--filter-path=" + filters("t", "n > 2"))).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("matches no row of the source");
        assertThat(command.run("--filter-path=" + filters("u", "n > 2"))).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("which is not among the selected tables");
        Path keyless = command.file(
                "key.json",
                "{\"transforms\": [{\"resource_specifier\": {\"schema\": \".*\", \"table\": \"t\"}, \"column_exclusion_opts\":"
                        + " {\"column\": \"id\"}}]}");
        assertThat(command.run("--transformations-file=" + keyless)).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("which is part of its primary key");
        assertThat(one(databases.target, "SELECT count(*) FROM pg_namespace WHERE nspname = '_godwit'"))
                .isEqualTo("0");
    }

    @Test
    void someMismatchesStopAndSomeAreOnlyTold() throws SQLException {
        databases.onSource(
                "CREATE TABLE a (id int PRIMARY KEY, n varchar(9), s timestamp)",
                "INSERT INTO a VALUES (1, 'n', '2024-01-01 00:00:00')");
        databases.onTarget(
                "CREATE TABLE a (id bigint PRIMARY KEY, n text DEFAULT 'x' CHECK (n <> ''), s timestamptz, more int)");
        assertThat(command.run("--json")).as(command::told).isZero();
        assertThat(command.out.toString())
                .contains("\"mismatch_tag\":\"default\"", "\"mismatch_tag\":\"check\"")
                .contains("\"mismatch_tag\":\"extra_target_column\"")
                .doesNotContain("\"failable_mismatch\":true");
        assertThat(rows(databases.target, "SELECT n, s AT TIME ZONE 'UTC' FROM a"))
                .containsExactly("n|2024-01-01 00:00:00");
        stops("mismatching_type", "n int, s timestamptz", "type is ");
        stops("not_null", "n text NOT NULL, s timestamptz", "may be NULL on the source");
        stops("missing_target_column", "n text", "a.s: missing on the target");
        stops("extra_target_column", "n text, s timestamptz, more int NOT NULL", "NOT NULL without a default");
    }

    private void stops(String tag, String columns, String message) throws SQLException {
        databases.onTarget("DROP TABLE IF EXISTS a", "CREATE TABLE a (id int PRIMARY KEY, " + columns + ")");
        assertThat(command.run("--json", "--ignore-replication-check")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining(message);
        assertThat(command.out.toString()).contains("\"mismatch_tag\":\"" + tag + "\",\"failable_mismatch\":true");
    }
}

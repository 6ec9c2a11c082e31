package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.Contents;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code godwit fetch} through files of a folder. */
abstract class FileLoadContract {
    static final TableName PARENT = LoadEnvironment.table("parent");
    static final TableName CHILD = LoadEnvironment.table("Child, odd/name");

    @TempDir
    Path directory;

    TestDatabases databases;
    CommandRun command;
    Path files;

    abstract LoadEnvironment environment();

    @BeforeEach
    void createTables() throws SQLException {
        databases = environment().create();
        databases.onTarget(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE \"Child, odd/name\" (id bigint PRIMARY KEY, parent int NOT NULL REFERENCES parent, body text,"
                        + " raw bytea)");
        Dialect source = databases.source.dialect();
        databases.onSource(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE " + source.quote(CHILD) + " (id bigint PRIMARY KEY, parent int NOT NULL, body text, raw "
                        + environment().bytes() + ")",
                "INSERT INTO parent " + environment().rows(3_000)
                        + "i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN "
                        + source.literal("a\tb\\N\r\nc") + " ELSE " + source.literal("\\N") + " END FROM n",
                "INSERT INTO " + source.quote(CHILD) + environment().rows(30_000)
                        + "i, i % 3000 + 1, repeat('é', i % 50), "
                        + environment().unhex("md5(concat(i, ''))")
                        + " FROM n");
        environment().analyze(databases, "parent", source.quote(CHILD));
        command = new CommandRun(databases, directory).with(environment().always());
        files = directory.resolve("files");
    }

    final String sums(boolean ofSource) throws SQLException {
        return Contents.of(ofSource ? databases.source : databases.target, PARENT, CHILD);
    }

    final String fetchId() {
        return command.out
                .toString()
                .lines()
                .filter(line -> line.contains(", fetch id "))
                .findFirst()
                .map(line -> line.substring(line.indexOf(", fetch id ") + ", fetch id ".length()))
                .orElseThrow();
    }

    final List<Path> stored() throws IOException {
        try (Stream<Path> walked = Files.walk(files)) {
            return walked.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void rowsArriveUnchangedThroughFilesOfBoundedSize() throws Exception {
        assertThat(command.run("--local-path=" + files, "--flush-rows=4000", "--row-batch-size=9000"))
                .as(command::told)
                .isZero();
        assertThat(sums(false)).isEqualTo(sums(true));
        assertThat(stored())
                .hasSizeGreaterThan(8)
                .anyMatch(path -> path.endsWith(
                        Path.of("parent", "shard_01_part_00000001.tsv").getFileName()));
        assertThat(one(databases.target, "SELECT state FROM _godwit.fetch")).isEqualTo("complete");
        assertThat(rows(databases.target, "SELECT DISTINCT state FROM _godwit.fetch_file"))
                .containsExactly("imported");
        assertThat(databases.captures()).hasSize(environment().captures());
        assertNobodyKeepsTheSnapshot();
    }

    private void assertNobodyKeepsTheSnapshot() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> environment().keepers(databases).isEmpty());
    }

    @Test
    void anExportIsImportedLaterWithoutTheSourceAndTheFilesAreDeleted() throws Exception {
        assertThat(command.run("--mode=export-only", "--local-path=" + files, "--compression=gzip"))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, "SELECT count(*) FROM parent")).isEqualTo("0");
        String id = fetchId();
        assertThat(stored()).anyMatch(path -> path.toString().endsWith(".tsv.gz"));

        assertThat(command.run("--mode=import-only", "--local-path=" + files, "--fetch-id=" + id, "--cleanup"))
                .as(command::told)
                .isZero();
        assertThat(sums(false)).isEqualTo(sums(true));
        assertThat(stored()).isEmpty();

        assertThat(command.run("--mode=import-only", "--local-path=" + files, "--fetch-id=" + id))
                .isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("is complete");
    }

    @Test
    void aLoadThatTheTargetRefusedInTheMiddleIsCarriedOnWhereItWas() throws Exception {
        databases.onTarget("ALTER TABLE \"Child, odd/name\" ADD CONSTRAINT small CHECK (id < 29000)");
        assertThat(command.run("--local-path=" + files, "--flush-rows=1000")).isEqualTo(1);
        assertThat(command.err.toString()).contains("small").contains("--fetch-id " + fetchId());
        String id = fetchId();

        String tokens = command.tokens();
        assertThat(tokens)
                .contains(id)
                .contains("public.Child, odd/name")
                .contains("small")
                .doesNotContain("public.parent ");
        assertThat(new ObjectMapper()
                        .readTree(command.tokens("--json"))
                        .get("fetch_id")
                        .asText())
                .isEqualTo(id);

        databases.onTarget("ALTER TABLE \"Child, odd/name\" DROP CONSTRAINT small");
        databases.onSource("DELETE FROM " + databases.source.dialect().quote(CHILD)
                + " WHERE id > 10"); // the files hold the snapshot
        assertNobodyKeepsTheSnapshot();
        String token = tokens.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
        assertThat(command.run("--local-path=" + files, "--flush-rows=1000", "--continuation-token=" + token))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, "SELECT count(*), max(id) FROM \"Child, odd/name\""))
                .isEqualTo("30000|30000");
        assertThat(command.tokens().lines()).hasSize(1);
        assertThat(databases.captures()).hasSize(environment().captures());
    }

    @Test
    void anotherPlanIsNotTakenForTheSameLoad() throws Exception {
        databases.onTarget("ALTER TABLE parent ADD CONSTRAINT none CHECK (false)");
        assertThat(command.run("--local-path=" + files)).isEqualTo(1);
        String id = fetchId();
        assertThat(command.run("--local-path=" + files, "--fetch-id=" + id, "--table-filter=parent"))
                .isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("was begun with other tables");
        assertThat(command.run("--fetch-id=" + id)).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("is now to go on without files");
        assertThat(command.run("--fetch-id=unknown")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("knows no load unknown");
    }
}

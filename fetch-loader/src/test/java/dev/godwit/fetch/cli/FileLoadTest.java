package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code godwit fetch} through files of a folder. */
class FileLoadTest {
    private static final String SUMS =
            "SELECT (SELECT count(*) || ' ' || sum(hashtextextended(p::text, 0)::numeric) FROM"
                    + " parent p), (SELECT count(*) || ' ' || sum(hashtextextended(c::text, 0)::numeric) FROM \"Child, odd/name\" c)";

    @TempDir
    Path directory;

    private TestDatabases databases;
    private CommandRun command;
    private Path files;

    @BeforeEach
    void createTables() throws SQLException {
        databases = TestDatabases.with(
                "CREATE TABLE parent (id int PRIMARY KEY, name text)",
                "CREATE TABLE \"Child, odd/name\" (id bigint PRIMARY KEY, parent int NOT NULL REFERENCES parent, body text,"
                        + " raw bytea)");
        databases.onSource(
                "INSERT INTO parent SELECT i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'a\\tb\\\\N\\r\\nc'"
                        + " ELSE '\\N' END FROM generate_series(1, 3000) i",
                "INSERT INTO \"Child, odd/name\" SELECT i, i % 3000 + 1, repeat('é', i % 50), decode(md5(i::text), 'hex')"
                        + " FROM generate_series(1, 30000) i");
        command = new CommandRun(databases, directory);
        files = directory.resolve("files");
    }

    private String sums(boolean ofSource) throws SQLException {
        return one(ofSource ? databases.source : databases.target, SUMS);
    }

    private String fetchId() {
        return command.out
                .toString()
                .lines()
                .filter(line -> line.contains(", fetch id "))
                .findFirst()
                .map(line -> line.substring(line.indexOf(", fetch id ") + ", fetch id ".length()))
                .orElseThrow();
    }

    private List<Path> stored() throws IOException {
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
        assertThat(databases.captures()).hasSize(2); // for replication
        assertThat(rows(
                        databases.source,
                        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'godwit-fetch-hold%' AND datname ="
                                + " current_database()"))
                .isEmpty();
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
    void filesGoIntoATargetThatHasNeverHeardOfThem() throws Exception {
        assertThat(command.run("--mode=export-only", "--local-path=" + files, "--ignore-replication-check"))
                .isZero();
        String id = fetchId();
        databases.onTarget("DROP SCHEMA _godwit CASCADE", "INSERT INTO parent VALUES (1, 'in the way')");
        List<Object> arguments = List.of("--mode=import-only", "--local-path=" + files, "--fetch-id=" + id);

        assertThat(command.run(arguments.toArray())).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("already holds rows of public.parent");

        assertThat(command.run(Stream.concat(arguments.stream(), Stream.of("--table-handling=truncate-if-exists"))
                        .toArray()))
                .as(command::told)
                .isZero();
        assertThat(sums(false)).isEqualTo(sums(true));
    }

    @Test
    void aFileThatWasTamperedWithIsNotLoaded() throws Exception {
        assertThat(command.run("--mode=export-only", "--local-path=" + files)).isZero();
        String id = fetchId();
        Path file = stored().stream()
                .filter(path -> path.getParent().toString().endsWith("parent"))
                .findFirst()
                .orElseThrow();
        byte[] good = Files.readAllBytes(file);
        Files.write(
                file, "7777777\tforged\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), StandardOpenOption.APPEND);

        List<Object> again = List.of("--mode=import-only", "--local-path=" + files, "--fetch-id=" + id);
        assertThat(command.run(again.toArray())).isEqualTo(1);
        assertThat(command.err.toString()).contains("is not the one that was written");
        assertThat(one(databases.target, "SELECT count(*) FROM parent")).isEqualTo("0");

        Files.write(file, good);
        assertThat(command.run(again.toArray())).as(command::told).isZero();
        assertThat(sums(false)).isEqualTo(sums(true));
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
        databases.onSource("DELETE FROM \"Child, odd/name\" WHERE id > 10"); // the files hold the snapshot
        String token = tokens.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
        assertThat(command.run("--local-path=" + files, "--flush-rows=1000", "--continuation-token=" + token))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, "SELECT count(*), max(id) FROM \"Child, odd/name\""))
                .isEqualTo("30000|30000");
        assertThat(command.tokens().lines()).hasSize(1);
        assertThat(databases.captures()).hasSize(2);
    }

    @Test
    void aTableIsCarriedOnByTheNameOfOneOfItsFiles() throws Exception {
        databases.onTarget("ALTER TABLE \"Child, odd/name\" ADD CONSTRAINT small CHECK (id < 29000)");
        assertThat(command.run("--local-path=" + files, "--flush-rows=1000")).isEqualTo(1);
        databases.onTarget("ALTER TABLE \"Child, odd/name\" DROP CONSTRAINT small");
        String id = fetchId();
        String file = new ObjectMapper()
                .readTree(command.tokens("--json"))
                .get("file_name")
                .asText();

        assertThat(command.run(
                        "--local-path=" + files,
                        "--flush-rows=1000",
                        "--fetch-id=" + id,
                        "--continuation-file-name=" + file))
                .as(command::told)
                .isZero();
        assertThat(one(databases.target, "SELECT count(*), max(id) FROM \"Child, odd/name\""))
                .isEqualTo("30000|30000");
        assertThat(one(databases.target, "SELECT count(*) FROM _godwit.fetch_file WHERE state <> 'imported'"))
                .isEqualTo("0");
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

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        for (List<String> arguments : List.of(
                List.of("--mode=import-only", "--local-path=" + files),
                List.of("--mode=export-only"),
                List.of("--direct-copy", "--local-path=" + files),
                List.of("--local-path=" + files, "--bucket-path=s3://b/f"),
                List.of("--bucket-path=s3://b/f?AWS_SECRET_ACCESS_KEY=x"),
                List.of("--bucket-path=ftp://b/f"),
                List.of("--flush-rows=5"),
                List.of("--local-path=" + files, "--flush-size=0"),
                List.of("--local-path=" + files, "--local-path-crdb-access-addr=here:1"),
                List.of("--bucket-path=s3://b/f", "--assume-role=r"),
                List.of("--continuation-file-name=f"),
                List.of("--mode=export-only", "--local-path=" + files, "--table-handling=truncate-if-exists"))) {
            assertThat(command.run(arguments.toArray()))
                    .as(arguments.toString())
                    .isEqualTo(2);
            assertThat(command.refused).as(arguments.toString()).isNotNull();
            assertThat(command.told()).doesNotContain("SECRET");
        }
    }
}

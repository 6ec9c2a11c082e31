package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.PostgresEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With what does not depend on the source. */
class FileLoadTest extends FileLoadContract {
    @Override
    LoadEnvironment environment() {
        return new PostgresEnvironment();
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

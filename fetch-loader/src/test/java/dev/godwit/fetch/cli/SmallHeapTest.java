package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes with little memory. */
class SmallHeapTest {
    private static final String SUM =
            "SELECT count(*) || ' ' || sum(length(body)::bigint + coalesce(length(raw), 0)) || ' ' || md5(string_agg(md5(body) ||"
                    + " coalesce(md5(raw), '-'), '' ORDER BY id)) FROM t";

    @TempDir
    Path directory;

    private TestDatabases databases;

    @BeforeEach
    void createTable() throws SQLException {
        databases = TestDatabases.with(
                "CREATE TABLE t (id int PRIMARY KEY, body text, raw bytea)",
                // What takes time here is compressing.
                "ALTER TABLE t ALTER body SET STORAGE EXTERNAL, ALTER raw SET STORAGE EXTERNAL");
    }

    private int load(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                KilledLoadTest.class.getName(),
                "--pglogical-replication-slot-name=" + databases.slot));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().put("GODWIT_SOURCE", databases.source.url().withPassword());
        builder.environment().put("GODWIT_TARGET", databases.target.url().withPassword());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private Path output() {
        return directory.resolve("output");
    }

    @Test
    void valuesOfAHundredMegabytesTravelThroughFilesAndDirectly() throws Exception {
        databases.onSource(
                "INSERT INTO t SELECT i, repeat('0123456789', 10000000), NULL FROM generate_series(1, 1) i",
                "INSERT INTO t SELECT i, 'x', decode(repeat('00ff5c09', 5000000), 'hex') FROM generate_series(3, 5) i",
                "INSERT INTO t SELECT i, 'short', NULL FROM generate_series(9, 2000) i");
        String expected = one(databases.source, SUM);

        assertThat(load("--row-batch-size=1000", "--shard-size=1"))
                .as(() -> read())
                .isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(expected);

        assertThat(load(
                        "--local-path=" + directory.resolve("files"),
                        "--compression=gzip",
                        "--shard-size=1",
                        "--table-handling=truncate-if-exists",
                        "--pglogical-publication-and-slot-drop-and-recreate",
                        "--non-interactive"))
                .as(() -> read())
                .isZero();
        assertThat(one(databases.target, SUM)).isEqualTo(expected);
    }

    @Test
    void aValueThatThereIsNoRoomForIsRefusedBeforeTheLoad() throws Exception {
        databases.onSource(
                "ALTER TABLE t ADD doc jsonb",
                "INSERT INTO t VALUES (1, 'x', NULL, jsonb_build_array(repeat('0123456789', 14000000)))");
        databases.onTarget("ALTER TABLE t ADD doc jsonb");
        assertThat(load()).as(() -> read()).isEqualTo(2);
        assertThat(read()).contains("column public.t.doc: a value has 140000004 bytes as text");
        assertThat(databases.captures()).isEmpty();
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("0");
    }

    private String read() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            return e.toString();
        }
    }
}

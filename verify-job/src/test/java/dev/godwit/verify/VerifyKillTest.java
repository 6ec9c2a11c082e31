package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at any moment: the same command comes to the answer of one whole run, and repeats no finished range. */
@ExtendWith(TwoDatabases.class)
class VerifyKillTest {
    @TempDir
    private Path directory;

    @Test
    void killedAgainAndAgainItComesToTheSameAnswer() throws Exception {
        both(
                "CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT); INSERT INTO s.a SELECT i, md5(i::text) FROM generate_series(1, 40000) i;"
                        + " CREATE TABLE s.b (id TEXT COLLATE \"C\" PRIMARY KEY, v FLOAT4);"
                        + " INSERT INTO s.b SELECT 'k' || i, i FROM generate_series(1, 9000) i; ANALYZE");
        target("UPDATE s.a SET v = v || ' ' WHERE id % 4001 = 7; DELETE FROM s.a WHERE id % 9999 = 1;"
                + " INSERT INTO s.a VALUES (-5, 'x'), (50000, NULL); UPDATE s.b SET v = -1 WHERE id LIKE 'k7_77'");
        List<String> expected = run("whole", "--differences-file=" + directory.resolve("whole.jsonl"));
        assertThat(expected).hasSizeGreaterThan(20);
        long seed = Long.getLong("godwit.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Path, FileTime> finished = new HashMap<>();
        for (int kill = 0; kill < 3; kill++) {
            Process child = VerifyChild.of(directory.resolve("output"), arguments("killed", "--rows-per-second=2000"))
                    .start();
            int ranges = finished.size() + 1 + random.nextInt(2);
            try {
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> !child.isAlive() || finished().size() >= ranges);
                assertThat(child.isAlive())
                        .describedAs("seed %d: %s", seed, output())
                        .isTrue();
            } finally {
                child.destroyForcibly().waitFor();
            }
            assertThat(child.exitValue()).describedAs("killed").isEqualTo(128 + 9);
            finished.putAll(finished());
        }

        List<String> found = run("killed", "--differences-file=" + directory.resolve("killed.jsonl"));

        assertThat(found).describedAs("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(finished()).describedAs("seed %d", seed).containsAllEntriesOf(finished);
    }

    private List<String> arguments(String id, String more) {
        return List.of("--verify-id=" + id, "--verify-directory=" + directory, "--concurrency=2", more);
    }

    /** To its end; all differences. */
    private List<String> run(String id, String more) throws IOException, InterruptedException {
        Process child =
                VerifyChild.of(directory.resolve("output"), arguments(id, more)).start();
        assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(child.exitValue()).describedAs(output()).isEqualTo(1);
        return Files.readAllLines(directory.resolve(id + ".jsonl"));
    }

    private Map<Path, FileTime> finished() {
        Map<Path, FileTime> files = new HashMap<>();
        Path state = directory.resolve("killed");
        if (!Files.isDirectory(state)) {
            return files;
        }
        try (Stream<Path> all = Files.list(state)) {
            for (Path file : all.filter(path -> path.toString().contains("-range-"))
                    .filter(path -> path.toString().endsWith(".jsonl"))
                    .toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }
}

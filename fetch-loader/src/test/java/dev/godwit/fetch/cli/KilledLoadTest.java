package dev.godwit.fetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.Contents;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.PostgresEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KilledLoadTest extends KilledLoadContract {
    @Override
    LoadEnvironment environment() {
        return new PostgresEnvironment();
    }

    /** The system refuses to make a file longer, as it does when a disk is full. */
    @Test
    void aLoadWhoseFilesFindNoRoomIsCarriedOnFromTheSameSnapshot() throws Exception {
        createTables(environment().create());
        String expected = Contents.of(databases.source, TABLES);
        List<String> options = List.of("--local-path=" + directory.resolve("files"), "--flush-rows=20000");
        Path output = Files.createFile(directory.resolve("full.out"));
        Process full =
                start(List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"), options, Optional.empty(), output);
        assertThat(full.waitFor(4, TimeUnit.MINUTES)).isTrue();
        assertThat(full.exitValue()).as(() -> read(output)).isEqualTo(1);
        assertThat(read(output)).contains("File too large").contains("--fetch-id");
        databases.onSource(
                "UPDATE child SET body = 'changed after the snapshot'", "DELETE FROM child WHERE id % 3 = 1");

        Path next = Files.createFile(directory.resolve("next.out"));
        Process again = start(options, fetchId(output), next);
        assertThat(again.waitFor(4, TimeUnit.MINUTES)).isTrue();
        assertThat(again.exitValue()).as(() -> read(next)).isZero();
        assertThat(Contents.of(databases.target, TABLES)).isEqualTo(expected);
    }

    @Test
    void aLoadThroughFilesThatLosesItsTargetIsCarriedOnFromTheSameSnapshot() throws Exception {
        loseTheTargetAndCarryOn("--local-path=" + directory.resolve("files"), "--flush-rows=1000");
    }
}

package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
    @TempDir
    Path cache;

    @Test
    void unpacksOnceAlthoughTwoDoItAtTheSameTime() throws Exception {
        CompletableFuture<Path> other = CompletableFuture.supplyAsync(this::unpack);
        Path home = unpack();
        assertThat(other.join()).isEqualTo(home);
        assertThat(home.resolve("bin").resolve("postgres")).isExecutable();
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left).containsExactly(home);
        }
    }

    private Path unpack() {
        try {
            return PostgresBinaries.unpackedIn(cache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

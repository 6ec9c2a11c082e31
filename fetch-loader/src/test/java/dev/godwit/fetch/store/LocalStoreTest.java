package dev.godwit.fetch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest extends FileStoreContract {
    @TempDir
    private Path directory;

    @Override
    FileStore newStore() {
        return new LocalStore(directory.resolve("files"), Optional.empty());
    }

    @Test
    void refusesADirectoryThatCannotBe() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> new LocalStore(file.resolve("below"), Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void doesNotLeadOut() {
        assertThatThrownBy(() -> newStore().create("../../etc/passwd")).hasMessageContaining("leads out");
    }

    @Test
    void isReadByTheTargetWhereItIsServed() {
        try (FileStore served = new LocalStore(directory, Optional.of("http://10.0.0.7:8080"))) {
            assertThat(served.importUrl("public.a b/1.csv")).isEqualTo("http://10.0.0.7:8080/public.a%20b/1.csv");
        }
        assertThatThrownBy(() -> newStore().importUrl("a.csv")).isInstanceOf(RefusedException.class);
    }
}

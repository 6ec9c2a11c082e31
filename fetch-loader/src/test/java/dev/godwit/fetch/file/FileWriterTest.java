package dev.godwit.fetch.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.store.FileStore;
import dev.godwit.fetch.store.LocalStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileWriterTest {
    @TempDir
    private Path directory;

    private FileStore store;

    @BeforeEach
    void openStore() {
        store = new LocalStore(directory, Optional.empty());
    }

    private static byte[] row(int number) {
        return ("row " + number + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private List<FilePart> write(Compression compression, FileLimits limits, int rows) throws IOException {
        try (FileWriter writer = new FileWriter(store, "id/t/shard_01", compression, limits)) {
            for (int i = 0; i < rows; i++) {
                writer.row(row(i));
            }
            return writer.finish();
        }
    }

    private String read(List<FilePart> parts, Compression compression) throws IOException {
        StringBuilder all = new StringBuilder();
        for (FilePart part : parts) {
            try (InputStream file = compression.reading(store.open(part.name()))) {
                all.append(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource
    void everyRowIsInOneFile(Compression compression) throws IOException {
        List<FilePart> parts = write(compression, new FileLimits(10, Long.MAX_VALUE), 35);
        assertThat(parts).extracting(FilePart::rows).containsExactly(10L, 10L, 10L, 5L);
        assertThat(read(parts, compression).lines())
                .hasSize(35)
                .startsWith("row 0")
                .endsWith("row 34");
        assertThat(store.list("id/"))
                .extracting(file -> file.bytes())
                .containsExactlyInAnyOrderElementsOf(
                        parts.stream().map(FilePart::bytes).toList());
    }

    @Test
    void aFileIsFullByItsBytesToo() throws IOException {
        List<FilePart> parts = write(Compression.NONE, new FileLimits(Long.MAX_VALUE, 12), 4);
        assertThat(parts).extracting(FilePart::rows).containsExactly(2L, 2L);
        assertThat(parts).extracting(FilePart::largestRowBytes).containsOnly(6L);
    }

    @Test
    void noRowsMakeNoFile() throws IOException {
        assertThat(write(Compression.GZIP, FileLimits.DEFAULT, 0)).isEmpty();
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void whatIsNotFinishedIsNoFile() throws IOException {
        try (FileWriter writer = new FileWriter(store, "id/t/shard_01", Compression.GZIP, FileLimits.DEFAULT)) {
            writer.row(row(1));
        }
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void aManifestComesBackAsItWasWritten() throws IOException {
        Manifest manifest = new Manifest(
                Manifest.VERSION,
                "id",
                "0/16B3748",
                Compression.GZIP,
                List.of(new Manifest.Table(
                        TableName.parse("public.t"),
                        TableName.parse("shop.t"),
                        List.of("a"),
                        Set.of(TableName.parse("public.parent")),
                        " WHERE a > 1",
                        write(Compression.GZIP, FileLimits.DEFAULT, 3))));
        manifest.write(store);
        assertThat(Manifest.read(store, "id")).isEqualTo(manifest);
        assertThat(manifest.tables().get(0).rowsTotal()).isEqualTo(3);
    }

    @Test
    void withoutAManifestThereIsNoExport() {
        assertThatThrownBy(() -> Manifest.read(store, "other"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no whole export of load other");
    }
}

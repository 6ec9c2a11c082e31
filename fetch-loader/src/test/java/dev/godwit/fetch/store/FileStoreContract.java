package dev.godwit.fetch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a load relies on, the same for every store. */
abstract class FileStoreContract {
    private static final int PARTS_AND_A_HALF = 2 * PartSink.PART_BYTES + PartSink.PART_BYTES / 2;

    private FileStore store;

    /** A store in which no other test writes. */
    abstract FileStore newStore() throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = newStore();
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void put(String name, byte[] bytes) throws IOException {
        try (FileSink sink = store.create(name)) {
            for (int at = 0; at < bytes.length; at += 100_000) {
                sink.write(bytes, at, Math.min(100_000, bytes.length - at));
            }
            sink.commit();
        }
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = store.open(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        put("public.orders/one.csv", random(12_345));
        assertThat(read("public.orders/one.csv")).isEqualTo(random(12_345));
    }

    @Test
    void takesFilesOfSeveralParts() throws IOException {
        put("t/large.csv", random(PARTS_AND_A_HALF));
        assertThat(read("t/large.csv")).isEqualTo(random(PARTS_AND_A_HALF));
    }

    @Test
    void takesFilesThatEndWithAPart() throws IOException {
        put("t/exact.csv", random(PartSink.PART_BYTES));
        assertThat(read("t/exact.csv")).isEqualTo(random(PartSink.PART_BYTES));
    }

    @Test
    void takesEmptyFiles() throws IOException {
        put("t/empty.csv", new byte[0]);
        assertThat(read("t/empty.csv")).isEmpty();
        assertThat(store.list("t/")).containsExactly(new StoredFile("t/empty.csv", 0));
    }

    @Test
    void showsNoFileBeforeItIsWhole() throws IOException {
        byte[] bytes = random(PARTS_AND_A_HALF);
        try (FileSink sink = store.create("t/half.csv")) {
            sink.write(bytes, 0, bytes.length);
            assertThat(store.list("")).isEmpty();
        }
        assertThat(store.list("")).isEmpty();
        assertThatThrownBy(() -> read("t/half.csv")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void keepsTheOldFileUntilTheNewOneIsWhole() throws IOException {
        put("t/again.csv", random(10));
        try (FileSink sink = store.create("t/again.csv")) {
            sink.write(random(20), 0, 20);
        }
        assertThat(read("t/again.csv")).isEqualTo(random(10));
        put("t/again.csv", random(20));
        assertThat(read("t/again.csv")).isEqualTo(random(20));
    }

    @Test
    void listsByPrefix() throws IOException {
        put("a/1.csv", random(1));
        put("a/2.csv", random(2));
        put("b/1.csv", random(3));
        assertThat(store.list("a/"))
                .containsExactlyInAnyOrder(new StoredFile("a/1.csv", 1), new StoredFile("a/2.csv", 2));
        assertThat(store.list(""))
                .extracting(StoredFile::name)
                .containsExactlyInAnyOrder("a/1.csv", "a/2.csv", "b/1.csv");
    }

    @Test
    void deletesAlsoWhatIsNotThere() throws IOException {
        put("a/1.csv", random(1));
        store.delete("a/1.csv");
        store.delete("a/1.csv");
        assertThat(store.list("")).isEqualTo(List.of());
    }

    @Test
    void takesOddNames() throws IOException {
        String name = "Büro.\"Kunden & Co\"/shard 01 100%.csv";
        put(name, random(7));
        assertThat(read(name)).isEqualTo(random(7));
        assertThat(store.list("")).containsExactly(new StoredFile(name, 7));
    }
}

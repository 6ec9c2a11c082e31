package dev.godwit.local.changefeed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * How far a feed is: every transaction that ends at or before {@code position} is in Kafka, and none after it may get a timestamp at or
 * before {@code clock}.
 *
 * <p>Timestamps are computed one from the other. So a feed that starts again at {@code position} with {@code clock} gives a transaction that it
 * sends a second time the timestamp that it gave it before.
 */
record FeedState(LogSequenceNumber position, HlcTimestamp clock) {
    private static final String FILE = "changefeed-state";
    private static final String CREATING = "creating";

    /** What the file says. */
    enum Phase {
        /** There is none. */
        ABSENT,
        /** The slot was about to be made; nothing was sent yet. */
        CREATING,
        READY
    }

    static Phase phase(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (Files.notExists(file)) {
            return Phase.ABSENT;
        }
        return Files.readString(file).strip().equals(CREATING) ? Phase.CREATING : Phase.READY;
    }

    static void beginCreating(Path directory) throws IOException {
        Files.createDirectories(directory);
        write(directory, CREATING);
    }

    /** Empty unless the phase is READY. */
    static Optional<FeedState> read(Path directory) throws IOException {
        if (phase(directory) != Phase.READY) {
            return Optional.empty();
        }
        String[] words = Files.readString(directory.resolve(FILE)).strip().split(" ");
        return Optional.of(new FeedState(LogSequenceNumber.valueOf(words[0]), HlcTimestamp.parse(words[1])));
    }

    /** Survives a crash of this process when it returns. Not one of the machine: the stand-in's servers do not survive that either. */
    void write(Path directory) throws IOException {
        write(directory, position.asString() + " " + clock);
    }

    private static void write(Path directory, String text) throws IOException {
        Path unfinished = directory.resolve(FILE + ".new");
        Files.writeString(unfinished, text + "\n");
        Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }
}

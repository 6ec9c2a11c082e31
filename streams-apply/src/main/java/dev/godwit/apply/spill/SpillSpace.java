package dev.godwit.apply.spill;

import dev.godwit.apply.ApplyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The memory that all open transactions of a domain may take together, and the directory for what exceeds it. Used by
 * one thread.
 */
public final class SpillSpace implements AutoCloseable {
    private final Path directory;
    private final long memoryBytesMax;
    private final Set<ChangeBuffer> open = new HashSet<>();
    private long bytes;
    private long files;

    /**
     * Files that an earlier process has left in the directory are deleted: everything in them is still in Kafka.
     *
     * @param directory of this domain alone; need not exist
     * @param memoryBytesMax about how many bytes the changes of all open transactions may take
     * @throws ApplyException if the directory cannot be used
     */
    public SpillSpace(Path directory, long memoryBytesMax) {
        this.directory = directory;
        this.memoryBytesMax = memoryBytesMax;
        clear();
    }

    public ChangeBuffer newBuffer() {
        ChangeBuffer buffer = new ChangeBuffer(this);
        open.add(buffer);
        return buffer;
    }

    void grown(ChangeBuffer buffer, long by) {
        bytes += by;
        while (bytes > memoryBytesMax) {
            ChangeBuffer largest = open.stream()
                    .max(Comparator.comparingLong(ChangeBuffer::bytes))
                    .orElseThrow();
            bytes -= largest.bytes();
            largest.spill();
        }
    }

    void left(ChangeBuffer buffer) {
        if (open.remove(buffer)) {
            bytes -= buffer.bytes();
        }
    }

    SpillFile newFile(boolean stableOrder) {
        if (files == 0) {
            makeDirectory();
        }
        return new SpillFile(directory.resolve("transaction-" + ++files), stableOrder);
    }

    private void makeDirectory() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void clear() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(SpillSpace::delete);
        } catch (IOException | UncheckedIOException e) {
            throw unusable(e);
        }
    }

    private ApplyException unusable(Exception e) {
        return new ApplyException(
                "cannot use " + directory + " for transactions that are too large for memory: " + e.getMessage()
                        + ". Check the rights of the state directory, or start the applier with another one",
                e);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all files. Nobody may be reading them. */
    @Override
    public void close() {
        clear();
    }
}

package dev.godwit.verify;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all, also when the machine goes down. */
final class DurableFiles {
    private DurableFiles() {}

    static void write(Path path, String text) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
        Files.writeString(unfinished, text);
        rename(unfinished, path);
    }

    /** Content first, then the name, then the directory that holds the name. */
    static void rename(Path unfinished, Path path) throws IOException {
        force(unfinished, StandardOpenOption.WRITE);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        force(path.getParent(), StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}

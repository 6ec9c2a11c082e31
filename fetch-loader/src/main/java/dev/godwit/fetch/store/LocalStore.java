package dev.godwit.fetch.store;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A directory. What is not whole yet has a name that ends in {@value #UNFINISHED}. */
public final class LocalStore implements FileStore {
    static final String UNFINISHED = ".unfinished";

    private final Path directory;
    private final Optional<String> servedAt;

    /**
     * @param directory is made if it is not there
     * @param servedAt under which URL the target can read the directory, without a slash at its end; empty if it cannot
     * @throws RefusedException if the directory cannot be written
     */
    public LocalStore(Path directory, Optional<String> servedAt) {
        this.directory = directory.toAbsolutePath().normalize();
        this.servedAt = servedAt;
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new RefusedException(
                    "the directory " + this.directory + " cannot be made: " + e.getMessage(),
                    "name another with --local-path");
        }
        if (!Files.isWritable(this.directory)) {
            throw new RefusedException(
                    "the directory " + this.directory + " cannot be written", "name another with --local-path");
        }
    }

    @Override
    public String location() {
        return directory.toString();
    }

    private Path path(String name) {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory)) {
            throw new IllegalArgumentException("the name " + name + " leads out of the store");
        }
        return path;
    }

    @Override
    public FileSink create(String name) throws IOException {
        Path path = path(name);
        Files.createDirectories(path.getParent());
        Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
        FileChannel channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        return new FileSink() {
            private boolean committed;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }

            @Override
            public void commit() throws IOException {
                channel.force(true);
                channel.close();
                Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                // The new name itself must survive a crash of the machine.
                try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                    folder.force(true);
                }
                committed = true;
            }

            @Override
            public void close() throws IOException {
                channel.close();
                if (!committed) {
                    Files.deleteIfExists(unfinished);
                }
            }
        };
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(path(name));
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        List<StoredFile> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                if (Files.isRegularFile(file) && name.startsWith(prefix) && !name.endsWith(UNFINISHED)) {
                    found.add(new StoredFile(name, Files.size(file)));
                }
            }
        }
        return found;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public String importUrl(String name) {
        String address = servedAt.orElseThrow(
                () -> new RefusedException(
                        "IMPORT INTO cannot read the directory " + directory + " of this machine",
                        "give --local-path-listen-addr, and --local-path-crdb-access-addr if the target sees this machine under"
                                + " another address; or --local-path-nodelocal if a node has the directory; or use --use-copy"));
        return Arrays.stream(name.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/", address + "/", ""));
    }

    @Override
    public void close() {
        // Holds nothing open.
    }
}

package dev.godwit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.selection.RowCondition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory in which a verification records what is finished, held by one run at a time. */
final class VerifyState implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VerifyState.class);
    private static final int FORMAT = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final FileChannel lock;

    private VerifyState(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * @param structure has planned the tables
     * @throws RefusedException if the directory is that of another request, or another run holds it, or it cannot be written
     */
    static VerifyState open(Path directory, VerifyRequest request, StructureCheck structure) {
        try {
            create(directory);
            FileChannel lock = lock(directory);
            try {
                agree(directory.resolve("request.json"), describe(request, structure));
                return new VerifyState(directory, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new RefusedException(
                    "the state directory " + directory + " cannot be used: " + e,
                    "give the directory of a file system that can be written to",
                    e);
        }
    }

    /** Keys and values of users' rows are nobody else's business. */
    private static void create(Path directory) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix") && !Files.exists(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new RefusedException(
                    "another run of the verification in " + directory + " has not ended",
                    "wait for it, or give another id");
        }
        return channel;
    }

    private static void agree(Path file, String asked) throws IOException {
        if (!Files.exists(file)) {
            DurableFiles.write(file, asked);
            return;
        }
        if (!JSON.readTree(Files.readString(file)).equals(JSON.readTree(asked))) {
            throw new RefusedException(
                    "the verification recorded in " + file.getParent()
                            + " is another one: databases, tables, columns, filters or settings are not the same",
                    "give another id, or repeat the request as it was (" + file + ")");
        }
    }

    private static String describe(VerifyRequest request, StructureCheck structure) throws IOException {
        ObjectNode root = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("source", place(request.source()))
                .put("target", place(request.target()))
                .put("snapshot", request.sourceSnapshot().orElse(""))
                .put("method", request.compare().method().name())
                .put("live", request.live().isPresent());
        ArrayNode tables = root.putArray("tables");
        for (TablePair pair : request.pairs()) {
            ObjectNode table = tables.addObject()
                    .put("table", pair.name().toString())
                    .put("sources", pair.sources().toString())
                    .put("target", pair.target().toString())
                    .put(
                            "sourceRows",
                            pair.sourceRows().map(RowCondition::toString).orElse(""))
                    .put(
                            "targetRows",
                            pair.targetRows().map(RowCondition::toString).orElse(""));
            Optional<TablePlan> plan = structure.plan(pair.name());
            table.put("columns", plan.map(VerifyState::columns).orElse(""));
            table.put("key", plan.map(TablePlan::key).map(Object::toString).orElse(""));
        }
        return root.toPrettyString();
    }

    private static String columns(TablePlan plan) {
        return plan.columns().stream()
                .map(column -> describe(column.source()) + " / " + describe(column.target()))
                .collect(Collectors.joining(", "));
    }

    private static String describe(Column column) {
        return column.name() + " " + column.type().name();
    }

    private static String place(Database database) {
        DatabaseUrl url = database.url();
        return url.host() + ":" + url.port() + "/" + url.database();
    }

    TableState table(int number) {
        return new TableState(directory, number);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("the lock ends with the process", e);
        }
    }
}

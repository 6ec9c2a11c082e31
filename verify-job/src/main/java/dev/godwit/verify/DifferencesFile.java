package dev.godwit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.ColumnDifference;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * Writes every differing row into a file, one JSON object a line; the last line tells how many there are, and only a file that ends with it is
 * complete. Thread-safe.
 */
final class DifferencesFile implements VerifyListener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final boolean showValues;
    private final BufferedWriter writer;
    private long differences;

    private DifferencesFile(Path path, boolean showValues, BufferedWriter writer) {
        this.path = path;
        this.showValues = showValues;
        this.writer = writer;
    }

    /** @throws RefusedException if the file cannot be written */
    static DifferencesFile open(Path path, boolean showValues) {
        try {
            Files.deleteIfExists(path);
            // Keys, too, are data of the user.
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return new DifferencesFile(
                    path,
                    showValues,
                    Files.newBufferedWriter(
                            path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new RefusedException(
                    "--differences-file: cannot write " + path + " (" + e + ")",
                    "name a file in a directory you can write to",
                    e);
        }
    }

    @Override
    public void rowDiffers(TableName table, RowDifference difference) {
        ObjectNode line = JSON.createObjectNode()
                .put("table_schema", table.schema())
                .put("table_name", table.name())
                .put("kind", difference.kind().name().toLowerCase(Locale.ROOT));
        ObjectNode key = line.putObject("key");
        difference.key().forEach(key::put);
        difference.columnNames().forEach(line.putArray("columns")::add);
        if (showValues && !difference.columns().isEmpty()) {
            ObjectNode source = line.putObject("source_values");
            ObjectNode target = line.putObject("target_values");
            for (ColumnDifference column : difference.columns()) {
                source.put(column.column(), column.sourceValue());
                target.put(column.column(), column.targetValue());
            }
        }
        write(line);
    }

    /** The comparison went through: what the file holds is all. */
    synchronized void complete() {
        long count = differences;
        write(JSON.createObjectNode().put("complete", true).put("differences", count));
        try {
            writer.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private synchronized void write(ObjectNode line) {
        try {
            writer.write(line.toString());
            writer.write('\n');
            differences++;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private VerifyFailedException failed(IOException e) {
        return new VerifyFailedException(
                "cannot write the differences into " + path + ": " + e, "make room and verify again", e);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}

package dev.godwit.fetch.plan;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.schema.TargetTables;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;

/** The file with the definitions that tables are made without. It is on the disk before anything is dropped. */
public final class LeftOutFile {
    private LeftOutFile() {}

    /** @throws RefusedException if it would take the place of something else, or cannot be written */
    public static void check(Optional<Path> file) {
        if (file.isEmpty()) {
            throw new RefusedException(
                    "tables are made anew without indexes, foreign keys and defaults, and nothing says where their"
                            + " definitions go",
                    "give --left-out-ddl-file FILE");
        }
        Path path = file.get();
        try {
            if (Files.exists(path) && !Files.readString(path).startsWith(TargetTables.LEFT_OUT_BEGINS)) {
                throw new RefusedException(
                        path + " is there already, and no load has written it",
                        "name another file for what is left out, or move this one away");
            }
            Path folder = path.toAbsolutePath().getParent();
            if (folder == null || !Files.isWritable(folder)) {
                throw new RefusedException(
                        "no file can be written in the folder of " + path, "name another, or make the folder");
            }
        } catch (IOException e) {
            throw new RefusedException("cannot read " + path + ": " + e, "name another file for what is left out", e);
        }
    }

    public static void write(FetchRequest request, LoadPlan plan, FetchListener listener) throws SQLException {
        if (plan.recreated().isEmpty()) {
            return;
        }
        write(
                request.tableOptions().leftOutFile().orElseThrow(),
                plan.recreated().get().leftOut(),
                listener);
    }

    /** On the disk when this returns. */
    public static void write(Path path, String content, FetchListener listener) throws SQLException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
        try {
            byte[] text = content.getBytes(StandardCharsets.UTF_8);
            Files.write(unfinished, text);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            listener.informed("indexes, constraints, defaults and sequences that the tables are made without: " + path);
        } catch (IOException e) {
            throw new SQLException("writing " + path + " failed: " + e, e);
        }
    }
}

package dev.godwit.fetch.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.store.FileSink;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All files of one export. It is written when every file is whole: where there is a manifest, there is the whole
 * snapshot.
 *
 * @param version of this form; {@value #VERSION}
 * @param fetchId names the load
 * @param cdcCursor the position from which replication carries on; null if none was taken
 * @param tables in the order in which they can be loaded, parents before children
 */
public record Manifest(int version, String fetchId, String cdcCursor, Compression compression, List<Table> tables) {
    public static final int VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public Manifest {
        tables = List.copyOf(tables);
    }

    /**
     * The files of one table.
     *
     * @param source its name there
     * @param target its name there
     * @param columns of the target, in the order of the files
     * @param parents tables, by their names on the source, that must be complete before by foreign keys of the target
     * @param condition which rows of the target's table they are; empty for all, null if the target does not know
     */
    public record Table(
            TableName source,
            TableName target,
            List<String> columns,
            Set<TableName> parents,
            String condition,
            List<FilePart> files) {
        public Table {
            columns = List.copyOf(columns);
            parents = Set.copyOf(parents);
            files = List.copyOf(files);
        }

        /** Of all files. */
        public long rowsTotal() {
            return files.stream().mapToLong(FilePart::rows).sum();
        }

        /** The statement that loads a file. */
        public String copySql(Dialect dialect) {
            return "COPY " + dialect.quote(target)
                    + columns.stream().map(dialect::quote).collect(Collectors.joining(", ", " (", ")")) + " FROM STDIN";
        }
    }

    /** The name of the file in its store. */
    public static String fileName(String fetchId) {
        return name(fetchId);
    }

    private static String name(String fetchId) {
        return fetchId + "/manifest.json";
    }

    /** Durable when it returns. */
    public void write(FileStore store) throws IOException {
        try (FileSink sink = store.create(name(fetchId))) {
            byte[] json = JSON.writeValueAsBytes(this);
            sink.write(json, 0, json.length);
            sink.commit();
        }
    }

    /** @throws RefusedException if there is no whole export of this id in the store */
    public static Manifest read(FileStore store, String fetchId) throws IOException {
        try (InputStream in = store.open(name(fetchId))) {
            Manifest manifest = JSON.readValue(in, Manifest.class);
            if (manifest.version != VERSION) {
                throw new RefusedException(
                        "the files of load " + fetchId + " in " + store.location() + " are of version "
                                + manifest.version,
                        "use the version of Godwit that wrote them");
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw new RefusedException(
                    "there is no whole export of load " + fetchId + " in " + store.location(),
                    "check --fetch-id and the place of the files; an export that broke off has to be made again");
        }
    }
}

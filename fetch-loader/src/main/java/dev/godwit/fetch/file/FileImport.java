package dev.godwit.fetch.file;

import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Loads a file by {@code COPY FROM STDIN}, if it is still the one that was written. Does not commit. */
public final class FileImport {
    /** CockroachDB refuses messages beyond 16 MiB. */
    private static final int BUFFER_BYTES = 64 << 10;

    private final FileStore store;
    private final Compression compression;

    public FileImport(FileStore store, Compression compression) {
        this.store = store;
        this.compression = compression;
    }

    /**
     * @param copyIn a {@code COPY ... FROM STDIN} without options
     * @throws SQLException if the target fails, or has stored another number of rows
     * @throws IOException if the store fails, or holds another file under this name; nothing may be committed then
     */
    public void run(FilePart part, Connection target, String copyIn) throws SQLException, IOException {
        MessageDigest digest = FileWriter.sha256();
        CopyIn in = target.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
        try (InputStream stored = new DigestInputStream(store.open(part.name()), digest)) {
            InputStream rows = compression.reading(stored);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = rows.read(buffer); read >= 0; read = rows.read(buffer)) {
                in.writeToCopy(buffer, 0, read);
            }
            while (stored.read(buffer) >= 0) {
                // What stands behind the compressed rows counts for the checksum too.
            }
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(part.sha256())) {
                throw new IOException("the file " + part.name() + " in " + store.location() + " is not the one that was"
                        + " written: its SHA-256 is " + found + " instead of " + part.sha256());
            }
            long loaded = in.endCopy();
            if (loaded != part.rows()) {
                throw new SQLException(
                        "the target has stored " + loaded + " of the " + part.rows() + " rows of " + part.name());
            }
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }
}

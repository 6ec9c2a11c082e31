package dev.godwit.fetch.file;

import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Brings the rows of one shard into files. Memory is bounded by the largest row and a part of a file. */
public final class ShardExport {
    private final FileStore store;
    private final Compression compression;

    public ShardExport(FileStore store, Compression compression) {
        this.store = store;
        this.compression = compression;
    }

    /** Hears of every row that has gone into a file. */
    public interface Meter {
        void passed(long rows, long bytes);
    }

    /**
     * @param copyOut a {@code COPY ... TO STDOUT} without options
     * @param prefix of the files' names
     * @return the files, whole and durable
     * @throws SQLException if the source fails
     * @throws IOException if the store fails
     */
    public List<FilePart> run(Connection source, String copyOut, String prefix, FileLimits limits, Meter meter)
            throws SQLException, IOException {
        CopyOut out = source.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut);
        long rows = 0;
        try (FileWriter writer = new FileWriter(store, prefix, compression, limits)) {
            // PostgreSQL sends one message for each row, also where a row has line ends in it.
            byte[] row = out.readFromCopy();
            while (row != null) {
                rows++;
                writer.row(row);
                meter.passed(1, row.length);
                row = null; // two long rows may be more than there is memory for
                row = out.readFromCopy();
            }
            if (out.getHandledRowCount() != rows) {
                throw new SQLException(
                        "the source says it sent " + out.getHandledRowCount() + " rows, and " + rows + " arrived");
            }
            return writer.finish();
        } finally {
            if (out.isActive()) {
                out.cancelCopy();
            }
        }
    }
}

package dev.godwit.fetch.file;

import dev.godwit.fetch.source.CopyRows;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

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
     * @param prefix of the files' names
     * @return the files, whole and durable
     * @throws SQLException if the source fails
     * @throws IOException if the store fails
     */
    public List<FilePart> run(CopyRows rows, String prefix, FileLimits limits, Meter meter)
            throws SQLException, IOException {
        try (FileWriter writer = new FileWriter(store, prefix, compression, limits)) {
            byte[] row = rows.next();
            while (row != null) {
                writer.row(row);
                meter.passed(1, row.length);
                row = null; // two long rows may be more than there is memory for
                row = rows.next();
            }
            return writer.finish();
        }
    }
}

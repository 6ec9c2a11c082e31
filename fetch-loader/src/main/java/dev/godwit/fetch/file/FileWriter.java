package dev.godwit.fetch.file;

import dev.godwit.fetch.store.FileSink;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Writes the rows of one shard into files, a new one whenever one is full. Used by one thread. Closed before {@link
 * #finish()}, it leaves those files whole that were full; the one being written vanishes.
 */
final class FileWriter implements AutoCloseable {
    private final FileStore store;
    private final String prefix;
    private final Compression compression;
    private final FileLimits limits;
    private final List<FilePart> parts = new ArrayList<>();
    private Current current;

    /** @param prefix of the files' names: folder, table and shard */
    FileWriter(FileStore store, String prefix, Compression compression, FileLimits limits) {
        this.store = store;
        this.prefix = prefix;
        this.compression = compression;
        this.limits = limits;
    }

    /** The file that is being written. */
    private static final class Current {
        private final String name;
        private final FileSink sink;
        private final MessageDigest digest = sha256();
        private final OutputStream out;
        private long stored;
        private long rows;
        private long bytes;
        private long largestRow;

        Current(String name, FileSink sink, Compression compression) throws IOException {
            this.name = name;
            this.sink = sink;
            this.out = compression.writing(new DigestOutputStream(sink, digest) {
                @Override
                public void write(byte[] b, int offset, int length) throws IOException {
                    super.write(b, offset, length);
                    stored += length;
                }

                @Override
                public void write(int b) throws IOException {
                    super.write(b);
                    stored++;
                }

                @Override
                public void close() {
                    // The sink is committed, or given up, by whoever opened it.
                }
            });
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @param row as COPY sends it, with its line end */
    void row(byte[] row) throws IOException {
        if (current == null) {
            String name =
                    String.format(Locale.ROOT, "%s_part_%08d.tsv%s", prefix, parts.size() + 1, compression.suffix());
            current = new Current(name, store.create(name), compression);
        }
        current.out.write(row, 0, row.length);
        current.rows++;
        current.bytes += row.length;
        current.largestRow = Math.max(current.largestRow, row.length);
        if (current.rows >= limits.rowsMax() || current.bytes >= limits.bytesMax()) {
            finishFile();
        }
    }

    private void finishFile() throws IOException {
        current.out.close();
        current.sink.commit();
        current.sink.close();
        parts.add(new FilePart(
                current.name,
                current.rows,
                current.stored,
                HexFormat.of().formatHex(current.digest.digest()),
                current.largestRow));
        current = null;
    }

    /** All rows have come. @return the files, whole and durable; none if there was no row */
    List<FilePart> finish() throws IOException {
        if (current != null) {
            finishFile();
        }
        return List.copyOf(parts);
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.sink.close();
            current = null;
        }
    }
}

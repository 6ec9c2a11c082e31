package dev.godwit.fetch.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What is done to the bytes of a file. */
public enum Compression {
    NONE(""),
    GZIP(".gz");

    private static final int BUFFER_BYTES = 64 << 10;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** The end of a file's name. */
    String suffix() {
        return suffix;
    }

    OutputStream writing(OutputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new FastGzip(file);
        };
    }

    InputStream reading(InputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPInputStream(file, BUFFER_BYTES);
        };
    }

    /** The lowest level: a load is bound by processors sooner than by the room that files take for an hour. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}

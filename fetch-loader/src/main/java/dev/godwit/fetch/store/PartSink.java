package dev.godwit.fetch.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that travels in parts: one part is held in memory, and sent when it is full. */
abstract class PartSink extends FileSink {
    /** S3 takes parts from 5 MiB on, and 10,000 of them: files of up to 78 GiB. */
    static final int PART_BYTES = 8 << 20;

    private final byte[] part = new byte[PART_BYTES];
    private int filled;
    private int parts;
    private boolean ended;

    @Override
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IOException("the file is whole already");
        }
        int at = offset;
        while (at < offset + length) {
            if (filled == part.length) {
                flushPart();
            }
            int moved = Math.min(offset + length - at, part.length - filled);
            System.arraycopy(bytes, at, part, filled, moved);
            filled += moved;
            at += moved;
        }
    }

    private void flushPart() throws IOException {
        parts++;
        send(parts, ByteBuffer.wrap(part, 0, filled));
        filled = 0;
    }

    @Override
    public final void commit() throws IOException {
        if (parts == 0) {
            sendWhole(ByteBuffer.wrap(part, 0, filled));
        } else {
            if (filled > 0) {
                flushPart();
            }
            complete();
        }
        ended = true;
    }

    @Override
    public final void close() throws IOException {
        if (!ended) {
            ended = true;
            if (parts > 0) {
                abort();
            }
        }
    }

    /** @param number from 1 */
    abstract void send(int number, ByteBuffer bytes) throws IOException;

    /** A file that fits into one part. */
    abstract void sendWhole(ByteBuffer bytes) throws IOException;

    abstract void complete() throws IOException;

    /** Best effort: what stays is no file, but may cost storage. */
    abstract void abort() throws IOException;
}

package dev.godwit.fetch.store;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A file that is being written. Closed without {@link #commit}, it leaves nothing behind that anybody takes for a file.
 * Used by one thread.
 */
public abstract class FileSink extends OutputStream {

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** The file is whole, and there: durable when this returns. Nothing may be written afterwards. */
    public abstract void commit() throws IOException;

    /** Gives up what is not committed. */
    @Override
    public abstract void close() throws IOException;
}

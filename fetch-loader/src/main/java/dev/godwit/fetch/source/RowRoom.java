package dev.godwit.fetch.source;

/** How much memory the rows on their way may need: the driver keeps a row as a whole. */
public final class RowRoom {
    private RowRoom() {}

    /** Half of the heap: buffers, the driver and the collector want the rest. */
    public static long bytesMax() {
        return Runtime.getRuntime().maxMemory() / 2;
    }
}

package dev.godwit.verify;

/**
 * How many rows to fetch next so that a batch holds no more than some megabytes, judged by the rows of the last batch. It starts small since
 * nothing is known yet.
 */
final class FetchSize {
    private static final int FIRST = 50;
    private static final long CHARACTERS_PER_BATCH = 8L << 20;

    private final int rowsMax;
    private int rows;
    private long characters;
    private int size;

    FetchSize(int rowsMax) {
        this.rowsMax = rowsMax;
        this.size = Math.min(rowsMax, FIRST);
    }

    int size() {
        return size;
    }

    /** Whether the batch is full with this row, so that {@link #size()} may be another from now on. */
    boolean rowRead(long rowCharacters) {
        rows++;
        characters += rowCharacters;
        if (rows < size) {
            return false;
        }
        long perRow = Math.max(1, characters / rows);
        size = (int) Math.max(1, Math.min(rowsMax, CHARACTERS_PER_BATCH / perRow));
        rows = 0;
        characters = 0;
        return true;
    }
}

package dev.godwit.fetch.file;

/**
 * When a file is full. A single row may exceed any limit.
 *
 * @param rowsMax rows in a file
 * @param bytesMax bytes of rows, before compression
 */
public record FileLimits(long rowsMax, long bytesMax) {
    /** Large enough for few requests to a store, small enough that a repeated file costs little. */
    public static final FileLimits DEFAULT = new FileLimits(Long.MAX_VALUE, 256L << 20);

    /** One file for everything: for rows that have to arrive by one statement. */
    public static final FileLimits NONE = new FileLimits(Long.MAX_VALUE, Long.MAX_VALUE);
}

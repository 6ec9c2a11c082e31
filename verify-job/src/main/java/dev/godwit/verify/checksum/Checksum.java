package dev.godwit.verify.checksum;

/**
 * What a set of rows amounts to.
 *
 * @param digest of all rows; only to be compared with one that was made in the same way
 */
public record Checksum(long rows, String digest) {
    /** That of no row. */
    public static final Checksum NONE = new Checksum(0, "");
}

package dev.godwit.verify.checksum;

/**
 * What a set of rows amounts to.
 *
 * @param digest of all rows; only to be compared with one that was made in the same way; null if the database could make none
 */
public record Checksum(long rows, String digest) {

    /** Whether both are known and the same. */
    public boolean agrees(Checksum other) {
        return digest != null && equals(other);
    }

    /** That of no row. */
    public static final Checksum NONE = new Checksum(0, "");
}

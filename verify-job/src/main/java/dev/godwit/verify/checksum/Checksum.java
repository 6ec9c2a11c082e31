package dev.godwit.verify.checksum;

/**
 * What a set of rows amounts to: how many they are, and the sums of the first and of the second 64 bits of their hashes. Sums do not
 * depend on the order of rows, and unlike XOR two equal rows do not cancel each other.
 *
 * @param first an integer as text
 * @param second an integer as text
 */
public record Checksum(long rows, String first, String second) {
    /** That of no row. */
    public static final Checksum NONE = new Checksum(0, "0", "0");
}

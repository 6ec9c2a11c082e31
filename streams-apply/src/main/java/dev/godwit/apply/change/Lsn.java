package dev.godwit.apply.change;

import java.util.Locale;

/**
 * A log sequence number of PostgreSQL: a byte offset in the write-ahead log, written as two hexadecimal halves
 * ({@code 16/B374D848}; PostgreSQL documentation, type {@code pg_lsn}).
 */
public record Lsn(long value) implements Position {

    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("\"" + text + "\" is no LSN");
        }
        return new Lsn(
                (Long.parseLong(text.substring(0, slash), 16) << 32) | Long.parseLong(text.substring(slash + 1), 16));
    }

    @Override
    public int compareTo(Position other) {
        return Long.compareUnsigned(value, ((Lsn) other).value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xffff_ffffL).toUpperCase(Locale.ROOT);
    }
}

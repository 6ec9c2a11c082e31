package dev.godwit.apply.change;

import java.time.Instant;
import java.util.Locale;

/**
 * A hybrid logical clock reading of CockroachDB, as changefeeds write it: {@code <nanoseconds since 1970>.<logical,
 * 10 digits>}. It is a pair of integers, never a floating-point number.
 */
public record HybridTimestamp(long nanos, int logical) implements Position {

    public static HybridTimestamp parse(String text) {
        int dot = text.indexOf('.');
        try {
            return dot < 0
                    ? new HybridTimestamp(Long.parseLong(text), 0)
                    : new HybridTimestamp(
                            Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no hybrid timestamp", e);
        }
    }

    /** The wall-clock part. */
    public Instant instant() {
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }

    @Override
    public int compareTo(Position other) {
        HybridTimestamp that = (HybridTimestamp) other;
        int byNanos = Long.compare(nanos, that.nanos);
        return byNanos != 0 ? byNanos : Integer.compare(logical, that.logical);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d.%010d", nanos, logical);
    }
}

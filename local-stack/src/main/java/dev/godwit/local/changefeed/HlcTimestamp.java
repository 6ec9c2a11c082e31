package dev.godwit.local.changefeed;

/**
 * A timestamp of CockroachDB's hybrid logical clock.
 *
 * @param wall nanoseconds since 1970
 * @param logical orders what has the same wall time
 */
record HlcTimestamp(long wall, int logical) implements Comparable<HlcTimestamp> {

    static HlcTimestamp parse(String text) {
        int dot = text.indexOf('.');
        return new HlcTimestamp(Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    /** The timestamp of a transaction that came after this one, by its own clock at {@code commitNanos}: always later than this. */
    HlcTimestamp next(long commitNanos) {
        return commitNanos > wall ? new HlcTimestamp(commitNanos, 0) : new HlcTimestamp(wall, logical + 1);
    }

    @Override
    public int compareTo(HlcTimestamp other) {
        return wall != other.wall ? Long.compare(wall, other.wall) : Integer.compare(logical, other.logical);
    }

    /** As in messages: {@code 1795344032807674587.0000000000}. */
    @Override
    public String toString() {
        String digits = Integer.toString(logical);
        return wall + "." + "0".repeat(10 - digits.length()) + digits;
    }
}

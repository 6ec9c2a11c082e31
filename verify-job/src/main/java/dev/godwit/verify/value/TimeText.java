package dev.godwit.verify.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of day, from 00:00:00 to 24:00:00, and offsets from UTC in PostgreSQL's and CockroachDB's lengths. */
final class TimeText {
    private static final Pattern TIME = Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?");
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d\\d)(?::?(\\d\\d)(?::?(\\d\\d))?)?");

    private TimeText() {}

    static Long micros(String text) {
        Matcher form = TIME.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a time of day: " + text);
        }
        long seconds = Long.parseLong(form.group(1)) * 3600
                + Long.parseLong(form.group(2)) * 60
                + Long.parseLong(form.group(3));
        return seconds * 1_000_000L + fraction(form.group(4));
    }

    /** @param digits up to six digits behind the point, or null */
    static long fraction(String digits) {
        return digits == null ? 0 : Long.parseLong((digits + "00000").substring(0, 6));
    }

    static long offsetSeconds(String text) {
        if (text.equals("Z")) {
            return 0;
        }
        Matcher form = OFFSET.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not an offset: " + text);
        }
        long seconds = Long.parseLong(form.group(2)) * 3600 + sixtieths(form.group(3)) * 60 + sixtieths(form.group(4));
        return form.group(1).equals("-") ? -seconds : seconds;
    }

    private static long sixtieths(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    static TimeWithOffset withOffset(String text) {
        int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
        if (sign < 0) {
            throw new IllegalArgumentException("a time without offset: " + text);
        }
        return new TimeWithOffset(micros(text.substring(0, sign)), offsetSeconds(text.substring(sign)));
    }

    /** Ordered as the databases do: by the moment it is in UTC, and where that is the same the easternmost first. */
    record TimeWithOffset(long micros, long offsetSeconds) implements Comparable<TimeWithOffset> {
        @Override
        public int compareTo(TimeWithOffset other) {
            int byMoment = Long.compare(utcMicros(), other.utcMicros());
            return byMoment != 0 ? byMoment : Long.compare(other.offsetSeconds, offsetSeconds);
        }

        private long utcMicros() {
            return micros - offsetSeconds * 1_000_000L;
        }
    }
}

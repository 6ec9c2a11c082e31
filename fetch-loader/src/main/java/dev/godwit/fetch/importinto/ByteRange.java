package dev.godwit.fetch.importinto;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that is asked for.
 *
 * @param from first byte
 * @param to behind the last byte
 * @param partial whether a range was asked for at all
 */
record ByteRange(long from, long to, boolean partial) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** What cannot be understood is no range, as HTTP has it: then the whole file is sent. */
    static ByteRange of(String header, long size) {
        Matcher range = header == null ? null : ONE_RANGE.matcher(header);
        if (range == null
                || !range.matches()
                || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return new ByteRange(0, size, false);
        }
        if (range.group(1).isEmpty()) {
            return new ByteRange(Math.max(0, size - Long.parseLong(range.group(2))), size, true);
        }
        long last = range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        return new ByteRange(Long.parseLong(range.group(1)), last + 1, true);
    }

    boolean unsatisfiable() {
        return partial && from >= to;
    }

    long length() {
        return to - from;
    }
}

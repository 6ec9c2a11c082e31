package dev.godwit.connectors.plugin.source;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hybrid timestamp up to which the feed is complete: what Connect keeps as the offset. A pair of integers, never a float. */
record FeedPosition(long nanos, int logical) implements Comparable<FeedPosition> {
    static final String OFFSET = "resolved";

    private static final Pattern RESOLVED =
            Pattern.compile("\\A\\s*\\{\\s*\"resolved\"\\s*:\\s*\"(\\d{1,19})(?:\\.(\\d{1,10}))?\"\\s*}\\s*\\z");

    static FeedPosition parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new FeedPosition(Long.parseLong(text), 0)
                : new FeedPosition(Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    /** @throws IllegalArgumentException if the text is no resolved message */
    static FeedPosition ofResolved(String message) {
        Matcher matcher = RESOLVED.matcher(message);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a message without table and key is no resolved timestamp: "
                    + (message.length() <= 100 ? message : message.substring(0, 100) + "..."));
        }
        return new FeedPosition(
                Long.parseLong(matcher.group(1)), matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
    }

    Map<String, String> offset() {
        return Map.of(OFFSET, toString());
    }

    @Override
    public int compareTo(FeedPosition other) {
        return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Integer.compare(logical, other.logical);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d.%010d", nanos, logical);
    }
}

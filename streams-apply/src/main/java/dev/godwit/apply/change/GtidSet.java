package dev.godwit.apply.change;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of transactions of MySQL servers, as {@code @@gtid_executed} tells it: {@code <uuid>:1-5:7,<uuid>:1-3}; since 8.4 with tags, too:
 * {@code <uuid>:1-5:tag:1-3}. Immutable.
 */
public final class GtidSet {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
    /** A server, or one of its tags. */
    private static final Pattern SOURCE = Pattern.compile(UUID + "(:" + TAG + ")?");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
    private static final Pattern INTERVAL = Pattern.compile("(" + NUMBER + ")(?:-(" + NUMBER + "))?");

    /** Of each server, or of each of its tags, the last number of each interval by its first one. */
    private final Map<String, NavigableMap<Long, Long>> intervals = new HashMap<>();

    private GtidSet() {}

    /**
     * @param text may hold blanks and line ends between its parts; an empty one is the empty set
     * @throws IllegalArgumentException if it is no GTID set
     */
    public static GtidSet parse(String text) {
        GtidSet set = new GtidSet();
        String bare = text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        if (!bare.isEmpty()) {
            for (String ofServer : bare.split(",", -1)) {
                set.add(ofServer, text);
            }
        }
        return set;
    }

    private void add(String ofServer, String text) {
        String[] parts = ofServer.split(":", -1);
        String name = parts[0];
        boolean isComplete = false;
        for (int i = 1; i < parts.length; i++) {
            Matcher interval = INTERVAL.matcher(parts[i]);
            if (interval.matches()) {
                long first = Long.parseLong(interval.group(1));
                long last = interval.group(2) == null ? first : Long.parseLong(interval.group(2));
                if (first < 1 || last < first) {
                    throw noSet(text);
                }
                add(name, first, last);
                isComplete = true;
            } else if (TAG.matcher(parts[i]).matches()) {
                name = parts[0] + ":" + parts[i];
                isComplete = false;
            } else {
                throw noSet(text);
            }
        }
        if (!isComplete || !UUID.matcher(parts[0]).matches()) {
            throw noSet(text);
        }
    }

    private static IllegalArgumentException noSet(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no GTID set");
    }

    /** Overlapping and neighbouring intervals become one. */
    private void add(String name, long first, long last) {
        NavigableMap<Long, Long> known = intervals.computeIfAbsent(name, key -> new TreeMap<>());
        long from = first;
        long to = last;
        Map.Entry<Long, Long> other = known.floorEntry(last == Long.MAX_VALUE ? last : last + 1);
        while (other != null && other.getValue() >= first - 1) {
            from = Math.min(from, other.getKey());
            to = Math.max(to, other.getValue());
            known.remove(other.getKey());
            other = known.lowerEntry(other.getKey());
        }
        known.put(from, to);
    }

    public boolean isEmpty() {
        return intervals.isEmpty();
    }

    /**
     * @param gtid {@code <uuid>:<number>} or {@code <uuid>:<tag>:<number>}
     * @throws IllegalArgumentException if it is no GTID
     */
    public boolean contains(String gtid) {
        int colon = gtid.lastIndexOf(':');
        String name = gtid.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
        NavigableMap<Long, Long> known = intervals.get(name);
        boolean isName = known != null || SOURCE.matcher(name).matches();
        if (!isName || !NUMBER.matcher(gtid.substring(colon + 1)).matches()) {
            throw new IllegalArgumentException("\"" + gtid + "\" is no GTID");
        }
        long number = Long.parseLong(gtid.substring(colon + 1));
        return known != null && covers(known, number, number);
    }

    private static boolean covers(NavigableMap<Long, Long> known, long first, long last) {
        Map.Entry<Long, Long> around = known.floorEntry(first);
        return around != null && around.getValue() >= last;
    }

    public boolean containsAll(GtidSet other) {
        return other.intervals.entrySet().stream().allMatch(ofServer -> {
            NavigableMap<Long, Long> known = intervals.getOrDefault(ofServer.getKey(), new TreeMap<>());
            return ofServer.getValue().entrySet().stream()
                    .allMatch(interval -> covers(known, interval.getKey(), interval.getValue()));
        });
    }
}

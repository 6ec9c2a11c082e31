package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.TimestampedRow;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of a changefeed's rows, which come again in any order and with gaps. Up to the resolved timestamp everything has come;
 * beyond it the newest version of each key is remembered. After a restart those records are read again.
 */
final class SeenVersions implements Seen {
    /** Some hundreds of megabytes. A feed that promises nothing for so long has stopped. */
    private static final int KEYS_MAX = 2_000_000;

    private HybridTimestamp resolved;
    /** In the order of their records: the first is needed first. */
    private final Map<Key, Version> newest = new LinkedHashMap<>();

    private record Version(HybridTimestamp updated, long offset) {}

    /** @param text null if nothing has been promised */
    SeenVersions(String text) {
        this.resolved = text == null ? new HybridTimestamp(0, 0) : HybridTimestamp.parse(text);
    }

    @Override
    public boolean isRepeated(Origin origin, Event event) {
        TimestampedRow row = (TimestampedRow) event;
        return isPassed(origin, row) || !isNewest(origin, row);
    }

    /** Beyond what was promised, only the key could tell. */
    @Override
    public boolean isPassed(Origin origin, Event row) {
        return ((TimestampedRow) row).updated().compareTo(resolved) <= 0;
    }

    private boolean isNewest(Origin origin, TimestampedRow row) {
        Key key = row.change().key();
        Version before = newest.get(key);
        if (before != null && row.updated().compareTo(before.updated) <= 0) {
            return false;
        }
        newest.remove(key); // and put again, at the end
        newest.put(key, new Version(row.updated(), origin.offset()));
        if (newest.size() > KEYS_MAX) {
            throw new ApplyException("more than " + KEYS_MAX + " rows have come at " + origin.partition()
                    + " since the changefeed has promised anything: it has to have the option resolved");
        }
        return true;
    }

    /** Only what is beyond the promise has to be known again. */
    @Override
    public void again(Origin origin, Event row) {
        isRepeated(origin, row);
    }

    @Override
    public void resolved(Event.Resolved promise) {
        if (promise.resolved().compareTo(resolved) > 0) {
            resolved = promise.resolved();
            newest.values().removeIf(version -> version.updated.compareTo(resolved) <= 0);
        }
    }

    @Override
    public Object mark() {
        return resolved;
    }

    @Override
    public long needed(long next) {
        Iterator<Version> first = newest.values().iterator();
        return first.hasNext() ? Math.min(next, first.next().offset) : next;
    }
}

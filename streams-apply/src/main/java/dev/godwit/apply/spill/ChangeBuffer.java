package dev.godwit.apply.spill;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.SpilledChanges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The changes of one open transaction, sorted: in memory while the {@link SpillSpace} has room, then in a file. Used by
 * one thread until it is sealed.
 */
public final class ChangeBuffer {
    private final SpillSpace space;
    private final TreeMap<Long, Change> inMemory = new TreeMap<>();
    private final Map<Object, Long> places = new HashMap<>();
    private boolean stableOrder = true;
    private long bytes;
    private SpillFile file;

    ChangeBuffer(SpillSpace space) {
        this.space = space;
    }

    /** @param order its place; must not have been given before */
    public void add(long order, Change change) {
        inMemory.put(order, change);
        grow(change.bytes());
    }

    /**
     * As {@link #add(long, Change)}, but takes the place of the change that was added under the same identity before, if
     * that is still in memory. If it is in the file already, both stay, the later one behind the earlier.
     */
    public void replace(Object identity, long order, Change change) {
        stableOrder = false;
        Long earlier = places.put(identity, order);
        if (earlier != null) {
            grow(-inMemory.remove(earlier).bytes());
        }
        add(order, change);
    }

    private void grow(long by) {
        bytes += by;
        space.grown(this, by);
    }

    /** About how much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** Moves to the file what is in memory. */
    void spill() {
        if (file == null) {
            file = space.newFile(stableOrder);
        }
        file.append(inMemory);
        forget();
    }

    private void forget() {
        inMemory.clear();
        places.clear();
        bytes = 0;
    }

    /** All changes, if none had to go to the file. */
    public List<Change> changes() {
        return file == null ? List.copyOf(inMemory.values()) : List.of();
    }

    /** Those behind a place, if none had to go to the file. */
    public List<Change> changesBehind(long order) {
        return file == null ? List.copyOf(inMemory.tailMap(order, false).values()) : List.of();
    }

    /** All changes, if some had to go to the file; else null. */
    public SpilledChanges spilled() {
        return file;
    }

    /** No change will be added any more, and the space does not count it any more. */
    public void seal() {
        if (file != null && !inMemory.isEmpty()) {
            file.append(inMemory);
        }
        space.left(this);
        if (file != null) {
            forget();
        }
    }

    /** Nobody needs it any more. Thread-safe once it is sealed. */
    public void discard() {
        if (file != null) {
            file.delete();
        }
    }
}

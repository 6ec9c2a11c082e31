package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.write.RefusedByConstraintException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that a unique or foreign key has refused, with all their later changes. They are tried again with growing pauses,
 * until what they need has come by another partition, or their time is over. Used by one thread.
 */
final class Aside {
    private static final long PAUSE_MIN_NANOS = Duration.ofMillis(10).toNanos();
    /** What could not be written for so long, table by table, is tried row by row. */
    private static final long LATE_NANOS = Duration.ofMillis(100).toNanos();

    private static final long PAUSE_MAX_NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration timeMax;
    private final WriterTime time;
    private final Map<Item.RowKey, List<Item>> rows = new LinkedHashMap<>();
    private final Map<Item.RowKey, Long> since = new HashMap<>();
    private RefusedByConstraintException refusal;
    private long pauseNanos = PAUSE_MIN_NANOS;
    private long triedAt;
    private int taken;

    /** @param timeMax how long a row may wait before the applier stops */
    Aside(Duration timeMax, WriterTime time) {
        this.timeMax = timeMax;
        this.time = time;
        this.triedAt = time.nanos();
    }

    /** @return whether the item has to wait for an earlier one of its row */
    boolean addBehind(Item item) {
        List<Item> row = rows.get(item.rowKey());
        if (row == null) {
            return false;
        }
        row.add(item);
        return true;
    }

    void put(List<Item> row) {
        Item.RowKey key = row.get(0).rowKey();
        rows.put(key, new ArrayList<>(row));
        since.putIfAbsent(key, time.nanos());
    }

    /** It is written. */
    void forget(List<Item> row) {
        Item.RowKey key = row.get(0).rowKey();
        if (!rows.containsKey(key)) {
            since.remove(key);
        }
    }

    void refused(RefusedByConstraintException why) {
        refusal = why;
    }

    /** All changes that wait. */
    List<Item> items() {
        return rows.values().stream().flatMap(Collection::stream).toList();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    /** How long until they should be tried again. */
    long nanosLeft() {
        return rows.isEmpty() ? Long.MAX_VALUE : triedAt + pauseNanos - time.nanos();
    }

    /** Whether nothing that waits could be written for some time. */
    boolean isLate() {
        return pauseNanos > LATE_NANOS;
    }

    private static int count(Collection<List<Item>> some) {
        return some.stream().mapToInt(List::size).sum();
    }

    /** All rows, to be tried: those that are refused again are put back. */
    List<List<Item>> take() {
        List<List<Item>> all = new ArrayList<>(rows.values());
        taken = count(all);
        rows.clear();
        return all;
    }

    /**
     * Those that were taken have been tried.
     *
     * @throws ApplyException if a row has waited for too long
     */
    void tried() {
        triedAt = time.nanos();
        pauseNanos = count(rows.values()) < taken ? PAUSE_MIN_NANOS : Math.min(PAUSE_MAX_NANOS, 2 * pauseNanos);
        rows.forEach((key, row) -> {
            if (triedAt - since.get(key) > timeMax.toNanos()) {
                throw new ApplyException(
                        "the replication target refuses " + row.get(0).change() + " for more than "
                                + timeMax.toSeconds() + " s, and what it needs has not come by another partition: "
                                + (refusal == null ? "" : refusal.getMessage())
                                + ". If rows of two partitions wait for each other, drop that constraint on the replication target"
                                + " until they are through, and make it anew then");
            }
        });
    }
}

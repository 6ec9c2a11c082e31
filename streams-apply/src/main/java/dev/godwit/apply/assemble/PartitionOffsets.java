package dev.godwit.apply.assemble;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What is still needed of one partition. Guarded by {@link RestartOffsets}. */
final class PartitionOffsets {
    private static final int RELEASED_MAX = 1_000;

    /** From here on nothing has been read; -1 if nothing ever was. */
    private long next = -1;
    /** The first offset of each holder. What is released is taken out when it comes to the front, or when there is much of it. */
    private final PriorityQueue<Needed> needed = new PriorityQueue<>(Comparator.comparingLong(Needed::offset));

    private int released;

    private record Needed(long offset, RestartOffsets.Holder holder) {}

    void read(long offset) {
        next = Math.max(next, offset + 1);
    }

    void startAt(long offset) {
        next = offset;
    }

    void need(long offset, RestartOffsets.Holder holder) {
        needed.add(new Needed(offset, holder));
    }

    /** One of its holders is released. */
    void released() {
        if (++released > RELEASED_MAX && released > needed.size() / 2) {
            needed.removeIf(one -> one.holder.isReleased());
            released = 0;
        }
    }

    /** From where a new owner would have to read; -1 if nothing is known. */
    long restart() {
        while (!needed.isEmpty() && needed.peek().holder.isReleased()) {
            needed.poll();
            released--;
        }
        if (needed.isEmpty()) {
            return next;
        }
        long first = needed.peek().offset;
        return next < 0 ? first : Math.min(next, first);
    }
}

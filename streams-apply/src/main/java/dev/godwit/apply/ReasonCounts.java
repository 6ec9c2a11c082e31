package dev.godwit.apply;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Counts events by reason. Every reason is there from the start, with zero. Thread-safe. */
public final class ReasonCounts<R extends Enum<R>> {
    private final Map<R, LongAdder> counts;

    ReasonCounts(Class<R> reasons) {
        counts = new EnumMap<>(reasons);
        for (R reason : reasons.getEnumConstants()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(R reason) {
        counts.get(reason).increment();
    }

    /** All there are. */
    public Set<R> reasons() {
        return counts.keySet();
    }

    /** How often it has happened for this reason. */
    public long get(R reason) {
        return counts.get(reason).sum();
    }

    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }
}

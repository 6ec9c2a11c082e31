package dev.godwit.apply;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How much the lanes of an applier write. Thread-safe. */
public final class LaneUse {
    private final AtomicInteger busy = new AtomicInteger();
    private final LongAdder busyNanos = new LongAdder();
    private volatile int lanes;

    /** There are so many from now on; none while this applier does not own the domain. */
    public void lanes(int count) {
        lanes = count;
    }

    /** A lane begins to write a target transaction. @return what {@link #ended} takes */
    public long began() {
        busy.incrementAndGet();
        return System.nanoTime();
    }

    public void ended(long beganAt) {
        busy.decrementAndGet();
        busyNanos.add(System.nanoTime() - beganAt);
    }

    public int lanes() {
        return lanes;
    }

    /** Lanes that are writing at this moment. */
    public int busy() {
        return busy.get();
    }

    /** The time all lanes together have spent in target transactions, retries included. */
    public long busyNanos() {
        return busyNanos.sum();
    }
}

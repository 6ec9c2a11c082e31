package dev.godwit.verify;

import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Holds readers up so that no more rows are read than the user allows. What was read is paid for afterwards: after a range whose size nobody
 * knew before, everyone waits until its time is over. Thread-safe.
 */
final class RowRate {
    private final long nanosPerRow;
    private long paidUntil = System.nanoTime();

    RowRate(OptionalInt rowsPerSecondMax) {
        this.nanosPerRow = rowsPerSecondMax.isPresent() ? 1_000_000_000L / rowsPerSecondMax.getAsInt() : 0;
    }

    /**
     * Returns when the rows, and all that were read before, are paid for.
     *
     * @throws CancellationException if the thread is interrupted, or the signal is given
     */
    void read(long rows, StopSignal stop) {
        if (nanosPerRow == 0 || rows == 0) {
            return;
        }
        long until;
        synchronized (this) {
            paidUntil = Math.max(paidUntil, System.nanoTime()) + rows * nanosPerRow;
            until = paidUntil;
        }
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            stop.await(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }
}

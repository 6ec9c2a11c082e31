package dev.godwit.apply.schedule;

import dev.godwit.apply.ApplyConfig.Limits;
import java.time.Duration;

/**
 * How much one target transaction may hold: the limits, and no more than what the target lately took about a second
 * for. Long transactions hold locks, and what has to be done again after a failure grows with them.
 */
final class BatchSize {
    private static final long NANOS_MAX = Duration.ofSeconds(1).toNanos();
    private static final int ROWS_MIN = 20;
    /** The weight of what was measured before. */
    private static final double MEMORY = 0.7;

    private final Limits limits;
    private double nanosPerRow;

    BatchSize(Limits limits) {
        this.limits = limits;
    }

    void written(long rows, long nanos) {
        double measured = (double) nanos / Math.max(1, rows);
        nanosPerRow = nanosPerRow == 0 ? measured : MEMORY * nanosPerRow + (1 - MEMORY) * measured;
    }

    long rowsMax() {
        if (nanosPerRow == 0) {
            return limits.batchRowsMax();
        }
        return Math.min(limits.batchRowsMax(), Math.max(ROWS_MIN, (long) (NANOS_MAX / nanosPerRow)));
    }

    long charactersMax() {
        return limits.batchBytesMax();
    }
}

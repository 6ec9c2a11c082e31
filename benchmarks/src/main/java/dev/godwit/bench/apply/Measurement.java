package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One contestant, once.
 *
 * @param wall from the start until the last change was visible in every table of the target
 * @param untilFirst until the first change was; empty for whoever writes in another order
 * @param rows that were written: all changes, or the final rows only
 * @param cpu of the process that does it, from the start on; empty where the platform does not tell
 * @param serverCpu of the database server in the same time
 * @param peakMemory resident, of the process that does it, in bytes
 */
record Measurement(
        Contestant contestant,
        int round,
        Duration wall,
        Optional<Duration> untilFirst,
        long rows,
        Optional<Duration> cpu,
        Optional<Duration> serverCpu,
        OptionalLong peakMemory) {
    double seconds() {
        return seconds(wall);
    }

    double rowsPerSecond() {
        return rows / seconds();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

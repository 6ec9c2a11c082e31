package dev.godwit.bench.verify;

import java.time.Duration;
import java.util.Optional;

/**
 * One run.
 *
 * @param linkBytes that went over the link, both directions; 0 without it
 * @param clientCpu of the whole benchmark's process
 */
public record VerifyMeasurement(
        VerifyScenario scenario,
        VerifyContestant contestant,
        int round,
        Duration wall,
        long linkBytes,
        Duration clientCpu,
        Optional<Duration> serverCpu) {
    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    double seconds() {
        return seconds(wall);
    }
}

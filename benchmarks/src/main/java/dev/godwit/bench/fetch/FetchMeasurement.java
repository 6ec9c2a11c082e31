package dev.godwit.bench.fetch;

import java.time.Duration;
import java.util.Optional;

/**
 * One run.
 *
 * @param wall from the start of the process to its end, as a user at the terminal sees it
 * @param moving the part of it in which rows were moved: without Godwit's start, its checks and its replication slot; for others the same as wall
 * @param cpu of the processes of the contestant, servers left out
 * @param peakMemory of Godwit's process, in bytes
 */
record FetchMeasurement(
        FetchContestant contestant,
        int round,
        long rows,
        Duration wall,
        Duration moving,
        Optional<Duration> cpu,
        Optional<Long> peakMemory) {

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    double wallSeconds() {
        return seconds(wall);
    }

    double movingSeconds() {
        return seconds(moving);
    }
}

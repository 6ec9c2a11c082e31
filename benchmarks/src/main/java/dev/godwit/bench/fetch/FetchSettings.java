package dev.godwit.bench.fetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to measure.
 *
 * @param percent of the usual number of rows
 * @param heapMiB of Godwit's process
 * @param profile gets a flight recording of Godwit's first run
 */
public record FetchSettings(
        List<FetchWorkload> workloads,
        List<FetchContestant> contestants,
        double percent,
        int rounds,
        int heapMiB,
        boolean fsync,
        Optional<Path> profile) {
    public FetchSettings {
        workloads = List.copyOf(workloads);
        contestants = List.copyOf(contestants);
    }

    long rows(FetchWorkload workload) {
        return Math.max(100, Math.round(workload.rows() * percent / 100));
    }
}

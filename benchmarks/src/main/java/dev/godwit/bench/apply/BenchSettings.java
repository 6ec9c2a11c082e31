package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.workload.Workload;
import dev.godwit.database.RefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is measured.
 *
 * @param changes of each workload, at least
 * @param heapMiB of every contestant that reads from Kafka
 * @param fsync whether the target's commits wait for the disk
 * @param profile gets a recording of the first run of Godwit
 */
public record BenchSettings(
        List<Workload> workloads,
        List<Contestant> contestants,
        long changes,
        int rounds,
        long seed,
        int heapMiB,
        boolean fsync,
        Optional<Path> profile) {
    public BenchSettings {
        workloads = List.copyOf(workloads);
        contestants = List.copyOf(contestants);
        if (changes < 100 || changes > 50_000_000) {
            throw new RefusedException(changes + " changes cannot be measured", "use --changes 100 to 50000000");
        }
        if (rounds < 1 || rounds > 100) {
            throw new RefusedException(rounds + " rounds are too few or too many", "use --rounds 1 to 100");
        }
        if (heapMiB < 256) {
            throw new RefusedException(
                    "a heap of " + heapMiB + " MiB is too small for Kafka Connect", "use --heap 256 or more");
        }
    }
}

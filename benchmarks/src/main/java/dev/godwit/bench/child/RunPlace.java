package dev.godwit.bench.child;

import dev.godwit.bench.message.WorkloadTopics;
import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.Workload;
import dev.godwit.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;

/**
 * Where and on what one contestant runs once.
 *
 * @param name unique among all runs
 * @param changes and {@code seed}: of the history
 * @param source has the tables, empty; only its catalog is read
 * @param target has the rows that existed before the history
 * @param directory for logs and state
 * @param heapMiB the same for every contestant that reads from Kafka
 * @param jvmOptions further ones
 */
public record RunPlace(
        String name,
        Workload workload,
        long changes,
        long seed,
        WorkloadTopics topics,
        List<BenchTable> tables,
        String bootstrapServers,
        DatabaseUrl source,
        DatabaseUrl target,
        Path directory,
        int heapMiB,
        List<String> jvmOptions) {
    public RunPlace {
        tables = List.copyOf(tables);
        jvmOptions = List.copyOf(jvmOptions);
    }
}

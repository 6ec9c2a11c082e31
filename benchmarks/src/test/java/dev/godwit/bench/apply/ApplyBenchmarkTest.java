package dev.godwit.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Says nothing of speed: only that whoever is measured really does the work. */
@Tag("benchmark")
class ApplyBenchmarkTest {
    @Test
    void everyContestantLeavesTheExpectedRows(@TempDir Path directory) throws Exception {
        List<String> said = new ArrayList<>();
        BenchSettings settings = new BenchSettings(
                List.of(Workload.MIXED), Arrays.asList(Contestant.values()), 5_000, 1, 7, 512, false, Optional.empty());

        BenchResult result = new ApplyBenchmark(settings, directory, said::add).run();

        JsonNode workload = new ObjectMapper().readTree(result.json()).at("/workloads/0");
        assertThat(workload.get("changes").asLong()).isGreaterThanOrEqualTo(5_000);
        assertThat(workload.get("contestants")).hasSize(Contestant.values().length);
        for (JsonNode contestant : workload.get("contestants")) {
            assertThat(contestant.at("/runs/0/seconds").asDouble()).isPositive();
        }
        assertThat(workload.get("consistent_vs_jdbc_sink").asDouble()).isPositive();
        assertThat(workload.get("immediate_vs_jdbc_sink").asDouble()).isPositive();
        assertThat(workload.get("consistent_vs_limit").asDouble()).isPositive();
        assertThat(result.text()).contains("have no foreign keys");
        assertThat(said).hasSize(2 + Contestant.values().length);
    }
}

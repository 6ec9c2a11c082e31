package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who is compared with whom. */
final class Ratios {
    private Ratios() {}

    /** The faster of the sink's two ways to learn the schemas, for this workload. */
    static Optional<Contestant> fastestSink(WorkloadResult result) {
        return List.of(Contestant.JDBC_SINK, Contestant.JDBC_SINK_INLINE_SCHEMAS).stream()
                .filter(sink -> !result.of(sink).isEmpty())
                .min(Comparator.comparingDouble(sink -> result.median(sink, Measurement::seconds)));
    }

    /** Round by round; empty if it, or no sink, has run. */
    static List<Double> versusSink(WorkloadResult result, Contestant contestant) {
        return fastestSink(result)
                .map(sink -> result.timeRatios(contestant, sink))
                .orElse(List.of());
    }
}

package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.message.WorkloadTopics.Written;
import dev.godwit.bench.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All runs on one workload. Every one of them ended with the right rows, or there would be no result.
 *
 * @param initialRows in the target before the first change
 * @param finalRows in the target after the last
 */
record WorkloadResult(
        Workload workload, Written written, long initialRows, long finalRows, List<Measurement> measurements) {
    WorkloadResult {
        measurements = List.copyOf(measurements);
    }

    List<Measurement> of(Contestant contestant) {
        return measurements.stream()
                .filter(run -> run.contestant() == contestant)
                .toList();
    }

    /** Of those runs for which there is a value; NaN for none. */
    double median(Contestant contestant, ToDoubleFunction<Measurement> value) {
        return median(of(contestant).stream()
                .mapToDouble(value)
                .filter(Double::isFinite)
                .toArray());
    }

    /** How many times as fast the first was, by the time to the same end, round by round. */
    List<Double> timeRatios(Contestant one, Contestant other) {
        return ratios(one, other, run -> 1 / run.seconds());
    }

    /** The same by rows written per second. */
    List<Double> rateRatios(Contestant one, Contestant other) {
        return ratios(one, other, Measurement::rowsPerSecond);
    }

    /** Round by round: what disturbs the machine for minutes disturbs both. */
    private List<Double> ratios(Contestant one, Contestant other, ToDoubleFunction<Measurement> speed) {
        List<Double> ratios = new ArrayList<>();
        for (Measurement left : of(one)) {
            for (Measurement right : of(other)) {
                if (left.round() == right.round()) {
                    ratios.add(speed.applyAsDouble(left) / speed.applyAsDouble(right));
                }
            }
        }
        return ratios;
    }

    static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}

package dev.godwit.bench.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The result of a whole benchmark.
 *
 * @param obstacles who could not run, and why
 */
public record FetchResult(
        FetchSettings settings,
        Map<String, String> serverSettings,
        Map<FetchContestant, String> obstacles,
        Map<FetchWorkload, List<FetchMeasurement>> measurements) {
    private static final double MIB = 1024.0 * 1024.0;

    /** For people. */
    public String text() {
        return FetchReport.of(this);
    }

    List<FetchMeasurement> of(FetchWorkload workload, FetchContestant contestant) {
        return measurements.get(workload).stream()
                .filter(run -> run.contestant() == contestant)
                .toList();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Speed of one compared with another, round by round: above 1 the first is faster. Empty if one of them did not run. */
    List<Double> ratios(
            FetchWorkload workload,
            FetchContestant one,
            FetchContestant other,
            ToDoubleFunction<FetchMeasurement> seconds) {
        List<Double> ratios = new ArrayList<>();
        for (FetchMeasurement run : of(workload, one)) {
            of(workload, other).stream()
                    .filter(candidate -> candidate.round() == run.round())
                    .findFirst()
                    .ifPresent(base -> ratios.add(seconds.applyAsDouble(base) / seconds.applyAsDouble(run)));
        }
        return ratios;
    }

    /** For programs: one object, without line breaks. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("benchmark", "fetch");
        root.put("rounds", settings.rounds());
        root.put("heap_mib", settings.heapMiB());
        ObjectNode machine = root.putObject("machine");
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", Runtime.version().toString());
        ObjectNode servers = root.putObject("server_settings");
        serverSettings.forEach(servers::put);
        ObjectNode missing = root.putObject("not_measured");
        obstacles.forEach((contestant, why) -> missing.put(contestant.label(), why));
        ArrayNode workloads = root.putArray("workloads");
        for (FetchWorkload workload : measurements.keySet()) {
            ObjectNode json = workloads.addObject();
            json.put("workload", workload.label());
            json.put("rows", settings.rows(workload));
            for (FetchContestant contestant : settings.contestants()) {
                if (contestant != FetchContestant.PIPE) {
                    String name = contestant.label().replace('-', '_') + "_vs_pipe";
                    put(
                            json,
                            name,
                            ratios(workload, contestant, FetchContestant.PIPE, FetchMeasurement::movingSeconds));
                    put(
                            json,
                            name + "_wall",
                            ratios(workload, contestant, FetchContestant.PIPE, FetchMeasurement::wallSeconds));
                }
            }
            ArrayNode runs = json.putArray("runs");
            measurements.get(workload).forEach(run -> add(run, runs.addObject()));
        }
        return root.toString();
    }

    private static void put(ObjectNode json, String name, List<Double> ratios) {
        if (!ratios.isEmpty()) {
            json.put(name, rounded(median(ratios)));
            ArrayNode rounds = json.putArray(name + "_rounds");
            ratios.forEach(ratio -> rounds.add(rounded(ratio)));
        }
    }

    private static void add(FetchMeasurement run, ObjectNode json) {
        json.put("contestant", run.contestant().label());
        json.put("round", run.round());
        json.put("seconds", rounded(run.movingSeconds()));
        json.put("wall_seconds", rounded(run.wallSeconds()));
        run.cpu().ifPresent(cpu -> json.put("cpu_seconds", rounded(FetchMeasurement.seconds(cpu))));
        run.peakMemory().ifPresent(bytes -> json.put("peak_memory_mib", Math.round(bytes / MIB)));
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}

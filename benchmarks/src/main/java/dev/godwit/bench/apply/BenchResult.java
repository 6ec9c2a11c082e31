package dev.godwit.bench.apply;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.sql.BenchDatabases;
import java.util.List;
import java.util.Locale;

/** The result of a whole benchmark. */
public record BenchResult(BenchSettings settings, List<WorkloadResult> workloads) {
    private static final double MIB = 1024.0 * 1024.0;

    public BenchResult {
        workloads = List.copyOf(workloads);
    }

    /** For people. */
    public String text() {
        return TextReport.of(this);
    }

    /** For programs: one object, without line breaks. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("benchmark", "apply");
        root.put("changes", settings.changes());
        root.put("rounds", settings.rounds());
        root.put("seed", settings.seed());
        root.put("heap_mib", settings.heapMiB());
        ObjectNode machine = root.putObject("machine");
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", Runtime.version().toString());
        ObjectNode database = root.putObject("target_settings");
        BenchDatabases.settings(settings.fsync()).forEach(database::put);
        ArrayNode all = root.putArray("workloads");
        workloads.forEach(workload -> add(workload, all.addObject()));
        return root.toString();
    }

    private void add(WorkloadResult result, ObjectNode json) {
        json.put("workload", result.workload().label());
        json.put("changes", result.written().changes());
        json.put("updates", result.written().updates());
        json.put("inserts", result.written().inserts());
        json.put("deletes", result.written().deletes());
        json.put("transactions", result.written().transactions());
        json.put("rows_before", result.initialRows());
        json.put("rows_after", result.finalRows());
        put(json, "consistent_vs_jdbc_sink", Ratios.versusSink(result, Contestant.CONSISTENT));
        put(json, "immediate_vs_jdbc_sink", Ratios.versusSink(result, Contestant.IMMEDIATE));
        put(json, "immediate_vs_consistent", result.timeRatios(Contestant.IMMEDIATE, Contestant.CONSISTENT));
        put(json, "consistent_vs_limit", result.timeRatios(Contestant.CONSISTENT, Contestant.LIMIT));
        put(json, "consistent_vs_limit_by_rows", result.rateRatios(Contestant.CONSISTENT, Contestant.LIMIT));
        ArrayNode contestants = json.putArray("contestants");
        for (Contestant contestant : settings.contestants()) {
            ObjectNode one = contestants.addObject();
            one.put("contestant", contestant.label());
            one.put("foreign_keys", contestant.keepsForeignKeys());
            one.put("rows", result.of(contestant).get(0).rows());
            one.put("seconds", rounded(result.median(contestant, Measurement::seconds)));
            one.put("rows_per_second", rounded(result.median(contestant, Measurement::rowsPerSecond)));
            ArrayNode runs = one.putArray("runs");
            result.of(contestant).forEach(run -> add(run, runs.addObject()));
        }
    }

    private static void add(Measurement run, ObjectNode json) {
        json.put("round", run.round());
        json.put("seconds", rounded(run.seconds()));
        run.untilFirst().ifPresent(time -> json.put("seconds_until_first", rounded(Measurement.seconds(time))));
        run.cpu().ifPresent(time -> json.put("cpu_seconds", rounded(Measurement.seconds(time))));
        run.serverCpu().ifPresent(time -> json.put("server_cpu_seconds", rounded(Measurement.seconds(time))));
        run.peakMemory().ifPresent(bytes -> json.put("peak_memory_mib", Math.round(bytes / MIB)));
    }

    /** The median under the name itself, and beside it what it is the median of. */
    private static void put(ObjectNode json, String name, List<Double> ratios) {
        if (!ratios.isEmpty()) {
            json.put(name, rounded(WorkloadResult.median(ratios)));
            ArrayNode rounds = json.putArray(name + "_rounds");
            ratios.forEach(ratio -> rounds.add(rounded(ratio)));
        }
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}

package dev.godwit.bench.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.bench.fetch.FetchWorkload;
import dev.godwit.bench.sql.BenchDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The result of a whole benchmark.
 *
 * @param differing for each table how many keys differ where some do
 */
public record VerifyResult(
        VerifySettings settings, Map<FetchWorkload, Integer> differing, List<VerifyMeasurement> measurements) {

    static String line(VerifyMeasurement run) {
        return String.format(
                Locale.ROOT,
                "round %d  %-60s %-8s %7.2f s%s",
                run.round(),
                run.scenario().label(),
                run.contestant().label(),
                run.seconds(),
                run.linkBytes() == 0 ? "" : String.format(Locale.ROOT, "  %,d bytes", run.linkBytes()));
    }

    /** How many times as fast as the limit, round by round. */
    private List<Double> speed(VerifyScenario scenario, VerifyContestant contestant) {
        return ratios(scenario, VerifyContestant.COPY, contestant, VerifyMeasurement::seconds);
    }

    /** The share of the limit's bytes that went over the link, round by round. */
    private List<Double> bytes(VerifyScenario scenario, VerifyContestant contestant) {
        return ratios(scenario, contestant, VerifyContestant.COPY, VerifyMeasurement::linkBytes);
    }

    private List<Double> ratios(
            VerifyScenario scenario,
            VerifyContestant above,
            VerifyContestant below,
            ToDoubleFunction<VerifyMeasurement> of) {
        return of(scenario, above).stream()
                .map(run -> of.applyAsDouble(run)
                        / of(scenario, below).stream()
                                .filter(other -> other.round() == run.round())
                                .mapToDouble(of)
                                .findFirst()
                                .orElse(Double.NaN))
                .toList();
    }

    private List<VerifyMeasurement> of(VerifyScenario scenario, VerifyContestant contestant) {
        return measurements.stream()
                .filter(run -> run.scenario().equals(scenario) && run.contestant() == contestant)
                .toList();
    }

    private List<VerifyScenario> scenarios() {
        return measurements.stream().map(VerifyMeasurement::scenario).distinct().toList();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private double median(
            VerifyScenario scenario, VerifyContestant contestant, ToDoubleFunction<VerifyMeasurement> value) {
        return median(
                of(scenario, contestant).stream().map(value::applyAsDouble).toList());
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder("\n");
        out.append(
                        "| table | where | rows | contestant | seconds | speed vs copy (rounds) | CPU s client | CPU s server |")
                .append(" link bytes | of copy's |\n|---|---|---|---|--:|--:|--:|--:|--:|--:|\n");
        for (VerifyScenario scenario : scenarios()) {
            for (VerifyContestant contestant : settings.contestants()) {
                out.append(row(scenario, contestant));
            }
        }
        out.append(String.format(
                Locale.ROOT,
                "%nMedian of %d rounds after one that is not counted; Godwit with --concurrency %d; link of %.0f Mbit/s.%n",
                settings.rounds(),
                settings.concurrency(),
                settings.megabitsPerSecond()));
        out.append("copy: ").append(VerifyContestant.COPY.description()).append(".\n");
        out.append("Both databases are on one PostgreSQL on this machine, ")
                .append(BenchDatabases.settings(false).entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(", ")))
                .append(".\nEvery run of Godwit has found exactly the keys that differ.\n");
        return out.toString();
    }

    private String row(VerifyScenario scenario, VerifyContestant contestant) {
        boolean limit = contestant == VerifyContestant.COPY;
        String rounds = speed(scenario, contestant).stream()
                .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s, %,d | %s | %s | %s | %.2f | %s | %.1f | %.1f | %s | %s |%n",
                scenario.workload().label(),
                settings.rows(scenario.workload()),
                scenario.overLink() ? "link" : "local",
                scenario.differing() ? differing.get(scenario.workload()) + " differ" : "equal",
                contestant.label(),
                median(scenario, contestant, VerifyMeasurement::seconds),
                limit ? "1" : String.format(Locale.ROOT, "%.2f (%s)", median(speed(scenario, contestant)), rounds),
                median(scenario, contestant, run -> VerifyMeasurement.seconds(run.clientCpu())),
                median(scenario, contestant, VerifyResult::serverCpu),
                scenario.overLink()
                        ? String.format(
                                Locale.ROOT, "%,.0f", median(scenario, contestant, VerifyMeasurement::linkBytes))
                        : "-",
                scenario.overLink()
                        ? String.format(Locale.ROOT, "%.3f%%", 100 * median(bytes(scenario, contestant)))
                        : "-");
    }

    private static double serverCpu(VerifyMeasurement run) {
        return run.serverCpu().map(VerifyMeasurement::seconds).orElse(Double.NaN);
    }

    /** For programs: one object, without line breaks. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("benchmark", "verify");
        root.put("percent", settings.percent());
        root.put("rounds", settings.rounds());
        root.put("seed", settings.seed());
        root.put("concurrency", settings.concurrency());
        root.put("link_mbit_per_second", settings.megabitsPerSecond());
        ObjectNode machine = root.putObject("machine");
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", Runtime.version().toString());
        ArrayNode scenarios = root.putArray("scenarios");
        for (VerifyScenario scenario : scenarios()) {
            ObjectNode one = scenarios.addObject();
            one.put("table", scenario.workload().label());
            one.put("rows", settings.rows(scenario.workload()));
            one.put("over_link", scenario.overLink());
            one.put("differing_keys", scenario.differing() ? differing.get(scenario.workload()) : 0);
            ArrayNode contestants = one.putArray("contestants");
            for (VerifyContestant contestant : settings.contestants()) {
                add(scenario, contestant, contestants.addObject());
            }
        }
        return root.toString();
    }

    private void add(VerifyScenario scenario, VerifyContestant contestant, ObjectNode json) {
        json.put("contestant", contestant.label());
        json.put("seconds", rounded(median(scenario, contestant, VerifyMeasurement::seconds)));
        json.put("speed_vs_copy", rounded(median(speed(scenario, contestant))));
        if (scenario.overLink()) {
            json.put("link_bytes", Math.round(median(scenario, contestant, VerifyMeasurement::linkBytes)));
            json.put("link_bytes_vs_copy", median(bytes(scenario, contestant)));
        }
        ArrayNode runs = json.putArray("runs");
        for (VerifyMeasurement run : of(scenario, contestant)) {
            ObjectNode one = runs.addObject();
            one.put("round", run.round());
            one.put("seconds", rounded(run.seconds()));
            one.put("client_cpu_seconds", rounded(VerifyMeasurement.seconds(run.clientCpu())));
            run.serverCpu()
                    .map(Duration::toNanos)
                    .ifPresent(nanos -> one.put("server_cpu_seconds", rounded(nanos / 1e9)));
        }
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
    }
}

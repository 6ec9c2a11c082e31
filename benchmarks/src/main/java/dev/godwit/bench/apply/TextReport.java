package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.sql.BenchDatabases;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table on the terminal, and in the README. */
final class TextReport {
    private static final double MIB = 1024.0 * 1024.0;

    private TextReport() {}

    static String line(Measurement run) {
        return String.format(
                Locale.ROOT,
                "round %d  %-26s %7.2f s  %,9.0f rows/s",
                run.round(),
                run.contestant().label(),
                run.seconds(),
                run.rowsPerSecond());
    }

    static String of(BenchResult result) {
        StringBuilder out = new StringBuilder("\n");
        for (WorkloadResult workload : result.workloads()) {
            add(result.settings(), workload, out);
        }
        out.append("Target: PostgreSQL on this machine, a fresh copy of one database for each run, ")
                .append(BenchDatabases.settings(result.settings().fsync()).entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(", ")))
                .append(
                        ".\nThe JDBC sink's targets have no foreign keys, since it writes each table on its own and would"
                                + " break them; all others have them.\nThe limit writes only the last change of each key;"
                                + " all others write every change that they do not fold.\nAfter every run the rows of every"
                                + " table were compared with the expected ones: equal.\n");
        if (result.workloads().stream()
                .flatMap(workload -> workload.measurements().stream())
                .anyMatch(run -> run.peakMemory().isEmpty())) {
            out.append("Peak memory and the server's CPU time are known on Linux only.\n");
        }
        return out.toString();
    }

    private static void add(BenchSettings settings, WorkloadResult result, StringBuilder out) {
        out.append(String.format(
                Locale.ROOT,
                "%s: %s, %,d changes, median of %d%n%n",
                result.workload().label(),
                result.workload().description(),
                result.written().changes(),
                settings.rounds()));
        out.append("| contestant | rows | seconds | until first | rows/s | CPU s | server CPU s | peak MiB |\n");
        out.append("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Contestant contestant : settings.contestants()) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %.2f | %s | %,.0f | %s | %s | %s |%n",
                    contestant.description(),
                    result.of(contestant).get(0).rows(),
                    result.median(contestant, Measurement::seconds),
                    number(
                            "%.2f",
                            result.median(contestant, run -> run.untilFirst()
                                    .map(Measurement::seconds)
                                    .orElse(Double.NaN))),
                    result.median(contestant, Measurement::rowsPerSecond),
                    number(
                            "%.1f",
                            result.median(
                                    contestant,
                                    run -> run.cpu().map(Measurement::seconds).orElse(Double.NaN))),
                    number(
                            "%.1f",
                            result.median(contestant, run -> run.serverCpu()
                                    .map(Measurement::seconds)
                                    .orElse(Double.NaN))),
                    number(
                            "%.0f",
                            result.median(
                                    contestant,
                                    run -> run.peakMemory().isPresent()
                                            ? run.peakMemory().getAsLong() / MIB
                                            : Double.NaN))));
        }
        out.append('\n');
        add("consistent_vs_jdbc_sink", Ratios.versusSink(result, Contestant.CONSISTENT), out);
        add("immediate_vs_jdbc_sink", Ratios.versusSink(result, Contestant.IMMEDIATE), out);
        add("immediate_vs_consistent", result.timeRatios(Contestant.IMMEDIATE, Contestant.CONSISTENT), out);
        add(
                "consistent_vs_limit (time to the same rows)",
                result.timeRatios(Contestant.CONSISTENT, Contestant.LIMIT),
                out);
        add("consistent_vs_limit_by_rows (rows/s)", result.rateRatios(Contestant.CONSISTENT, Contestant.LIMIT), out);
        out.append('\n');
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static void add(String name, List<Double> ratios, StringBuilder out) {
        if (!ratios.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%s: %.2f (rounds: %s)%n",
                    name,
                    WorkloadResult.median(ratios),
                    ratios.stream()
                            .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                            .collect(Collectors.joining(", "))));
        }
    }
}

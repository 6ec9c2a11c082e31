package dev.godwit.bench.fetch;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The table on the terminal, and in the README. */
final class FetchReport {
    private static final double MIB = 1024.0 * 1024.0;

    private FetchReport() {}

    static String line(FetchMeasurement run) {
        return String.format(
                Locale.ROOT,
                "round %d  %-14s %7.2f s  (%.2f s with its start)  %,11.0f rows/s",
                run.round(),
                run.contestant().label(),
                run.movingSeconds(),
                run.wallSeconds(),
                run.rows() / run.movingSeconds());
    }

    static String of(FetchResult result) {
        StringBuilder out = new StringBuilder("\n");
        for (FetchWorkload workload : result.measurements().keySet()) {
            add(result, workload, out);
        }
        out.append("Two PostgreSQL servers on this machine, a fresh database for each run, ")
                .append(result.serverSettings().entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(", ")))
                .append(
                        ".\nseconds: while rows move. with start: the whole command, for Godwit with the start of its JVM, its checks,"
                                + " its slot and its count of the source's rows.\nAfter every run count and checksum of the rows were"
                                + " compared with the source's: equal.\n");
        result.obstacles().forEach((contestant, why) -> out.append("Not measured: ")
                .append(contestant.description())
                .append(", as ")
                .append(why)
                .append(".\n"));
        return out.toString();
    }

    private static void add(FetchResult result, FetchWorkload workload, StringBuilder out) {
        out.append(String.format(
                Locale.ROOT,
                "%s: %s, %,d rows, median of %d%n%n",
                workload.label(),
                workload.description(),
                result.settings().rows(workload),
                result.settings().rounds()));
        out.append("| contestant | seconds | with start | rows/s | CPU s | peak MiB |\n|---|--:|--:|--:|--:|--:|\n");
        for (FetchContestant contestant : result.settings().contestants()) {
            List<FetchMeasurement> runs = result.of(workload, contestant);
            if (!runs.isEmpty()) {
                out.append(String.format(
                        Locale.ROOT,
                        "| %s | %.2f | %.2f | %,.0f | %s | %s |%n",
                        contestant.description(),
                        median(runs, FetchMeasurement::movingSeconds),
                        median(runs, FetchMeasurement::wallSeconds),
                        median(runs, run -> run.rows() / run.movingSeconds()),
                        number(
                                "%.1f",
                                median(runs, run -> run.cpu()
                                        .map(FetchMeasurement::seconds)
                                        .orElse(Double.NaN))),
                        number(
                                "%.0f",
                                median(runs, run -> run.peakMemory()
                                        .map(bytes -> bytes / MIB)
                                        .orElse(Double.NaN)))));
            }
        }
        out.append('\n');
        for (FetchContestant contestant : result.settings().contestants()) {
            if (contestant != FetchContestant.PIPE) {
                add(result, workload, contestant, "_vs_pipe", FetchMeasurement::movingSeconds, out);
                add(result, workload, contestant, "_vs_pipe (with start)", FetchMeasurement::wallSeconds, out);
            }
        }
        out.append('\n');
    }

    private static void add(
            FetchResult result,
            FetchWorkload workload,
            FetchContestant contestant,
            String suffix,
            ToDoubleFunction<FetchMeasurement> seconds,
            StringBuilder out) {
        List<Double> ratios = result.ratios(workload, contestant, FetchContestant.PIPE, seconds);
        if (!ratios.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%s%s: %.2f (rounds: %s)%n",
                    contestant.label().replace('-', '_'),
                    suffix,
                    FetchResult.median(ratios),
                    ratios.stream()
                            .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                            .collect(Collectors.joining(", "))));
        }
    }

    private static double median(List<FetchMeasurement> runs, ToDoubleFunction<FetchMeasurement> value) {
        return FetchResult.median(runs.stream().mapToDouble(value).boxed().toList());
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}

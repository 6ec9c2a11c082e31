package dev.godwit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The counters of all tables, one line each, aligned. */
final class CounterTable {

    private record Counter(String name, ToLongFunction<RowCounts> value) {}

    private CounterTable() {}

    static String of(VerifyReport report) {
        List<Counter> counters = counters(report.totals());
        List<List<String>> lines = new ArrayList<>();
        lines.add(line("table", counters.stream().map(Counter::name).toList()));
        report.tables()
                .forEach(table -> lines.add(
                        line(TextOutput.printable(table.table().toString()), values(counters, table.counts()))));
        lines.add(line("total", values(counters, report.totals())));
        int[] widths = new int[counters.size() + 1];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append(line.get(0)).append(" ".repeat(widths[0] - line.get(0).length()));
            for (int i = 1; i < widths.length; i++) {
                text.append("  ")
                        .append(" ".repeat(widths[i] - line.get(i).length()))
                        .append(line.get(i));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<Counter> counters(RowCounts totals) {
        List<Counter> counters = new ArrayList<>();
        counters.add(new Counter("num_truth_rows", RowCounts::truthRows));
        counters.add(new Counter("num_success", RowCounts::success));
        if (totals.conditionalSuccess() > 0) {
            counters.add(new Counter("num_conditional_success", RowCounts::conditionalSuccess));
        }
        counters.add(new Counter("num_missing", RowCounts::missing));
        counters.add(new Counter("num_mismatch", RowCounts::mismatch));
        counters.add(new Counter("num_extraneous", RowCounts::extraneous));
        if (totals.liveRetry() > 0) {
            counters.add(new Counter("num_live_retry", RowCounts::liveRetry));
        }
        counters.add(new Counter("num_column_mismatch", RowCounts::columnMismatch));
        return counters;
    }

    private static List<String> values(List<Counter> counters, RowCounts counts) {
        return counters.stream()
                .map(counter -> Long.toString(counter.value().applyAsLong(counts)))
                .toList();
    }

    private static List<String> line(String name, List<String> values) {
        List<String> line = new ArrayList<>();
        line.add(name);
        line.addAll(values);
        return line;
    }
}

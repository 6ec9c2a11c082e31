package dev.godwit.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The counters of all tables, one line each, aligned. */
final class CounterTable {
    private static final List<String> HEAD = List.of(
            "table",
            "num_truth_rows",
            "num_success",
            "num_missing",
            "num_mismatch",
            "num_extraneous",
            "num_column_mismatch");

    private CounterTable() {}

    static String of(VerifyReport report) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        report.tables()
                .forEach(table ->
                        lines.add(line(TextOutput.printable(table.table().toString()), table.counts())));
        lines.add(line("total", report.totals()));
        List<Integer> widths = new ArrayList<>(Collections.nCopies(HEAD.size(), 0));
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                widths.set(i, Math.max(widths.get(i), line.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append(line.get(0))
                    .append(" ".repeat(widths.get(0) - line.get(0).length()));
            for (int i = 1; i < line.size(); i++) {
                text.append("  ")
                        .append(" ".repeat(widths.get(i) - line.get(i).length()))
                        .append(line.get(i));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<String> line(String name, RowCounts counts) {
        return List.of(
                name,
                Long.toString(counts.truthRows()),
                Long.toString(counts.success() + counts.conditionalSuccess()),
                Long.toString(counts.missing()),
                Long.toString(counts.mismatch()),
                Long.toString(counts.extraneous()),
                Long.toString(counts.columnMismatch()));
    }
}

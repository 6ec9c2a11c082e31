package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.ColumnDifference;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** For people: a progress line on a terminal, and at the end a table of counters, then what differs. */
final class TextOutput implements VerifyOutput {
    private static final int VALUE_CHARACTERS_SHOWN = 200;

    private final PrintWriter out;
    private final boolean showValues;
    private final ProgressLine progress;

    TextOutput(PrintWriter out, boolean showValues, ProgressLine progress) {
        this.out = out;
        this.showValues = showValues;
        this.progress = progress;
    }

    @Override
    public void started(List<TablePair> pairs) {
        progress.started(pairs.size());
    }

    @Override
    public void progress(TableName table, long truthRows) {
        progress.rows(table, truthRows);
    }

    @Override
    public void tableFinished(TableReport report) {
        progress.finished(report.table(), report.truthRows());
    }

    @Override
    public void finished(VerifyReport report) {
        progress.clear();
        if (!report.tables().isEmpty()) {
            out.print(CounterTable.of(report));
        }
        if (!report.structure().isEmpty()) {
            out.println();
            out.println("Structure:");
            report.structure().forEach(difference -> out.println("  " + printable(difference.toString())));
        }
        if (!report.warnings().isEmpty()) {
            out.println();
            out.println("Warnings, which change no row:");
            report.warnings().forEach(warning -> out.println("  " + printable(warning.toString())));
        }
        report.tables().forEach(this::differences);
        out.println();
        out.println(verdict(report));
        out.flush();
    }

    private void differences(TableReport table) {
        table.notCompared().ifPresent(reason -> {
            out.println();
            out.println(printable(table.table() + ": rows not compared: " + reason));
        });
        if (table.firstDifferences().isEmpty()) {
            return;
        }
        long all = table.counts().differingRows();
        int listed = table.firstDifferences().size();
        out.println();
        out.println(printable(table.table().toString())
                + (listed < all ? ": the first " + listed + " of " + all + " differing rows" : ": differing rows"));
        table.firstDifferences().forEach(difference -> out.println("  " + line(difference)));
    }

    private String line(RowDifference difference) {
        String key = "(" + join(difference.key()) + ")";
        return switch (difference.kind()) {
            case MISSING -> "missing on the target  " + key;
            case EXTRANEOUS -> "only on the target     " + key;
            case MISMATCH ->
                "differs                " + key + " in "
                        + difference.columns().stream().map(this::column).collect(Collectors.joining(", "));
        };
    }

    private String column(ColumnDifference column) {
        String name = printable(column.column());
        return showValues
                ? name + " (" + quoted(column.sourceValue()) + " / " + quoted(column.targetValue()) + ")"
                : name;
    }

    private static String join(Map<String, String> key) {
        return key.entrySet().stream()
                .map(part -> printable(part.getKey()) + "=" + shortened(part.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String value) {
        return value == null ? "NULL" : "'" + shortened(value) + "'";
    }

    private static String shortened(String value) {
        return value.length() <= VALUE_CHARACTERS_SHOWN
                ? printable(value)
                : printable(value.substring(0, VALUE_CHARACTERS_SHOWN)) + "... " + value.length() + " characters";
    }

    /** What stands in a database must not move the cursor or colour the terminal. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().forEach(character -> {
            if (Character.isISOControl(character)) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                printable.append((char) character);
            }
        });
        return printable.toString();
    }

    private static String verdict(VerifyReport report) {
        String took = String.format(Locale.ROOT, "%.1f s", report.duration().toNanos() / 1e9);
        RowCounts totals = report.totals();
        if (report.tables().isEmpty()) {
            return (report.isEqual()
                            ? "Equal in structure"
                            : "Different: " + report.structure().size() + " differences of structure")
                    + "; rows were not compared. It took " + took + ".";
        }
        if (report.isEqual()) {
            return "Equal: " + totals.truthRows() + " rows in "
                    + report.tables().size() + " tables, compared in " + took + ".";
        }
        long tables = report.tables().stream().filter(table -> !table.isEqual()).count();
        return "Different: " + totals.differingRows() + " rows, " + tables + " of "
                + report.tables().size() + " tables, " + report.structure().size()
                + " differences of structure; compared in " + took + ".";
    }
}

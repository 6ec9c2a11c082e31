package dev.godwit.verify.report;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.verify.RowCounts;
import dev.godwit.verify.RowDifference;
import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.TableReport;
import dev.godwit.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One HTML file that needs nothing else: no script, no picture, no network. It is well-formed XML, too, so that programs may read it. */
public final class HtmlReport {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String STYLE = """
            body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;color:#1c2733}
            h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
            .verdict{padding:.8rem 1rem;border-radius:.4rem;font-size:1.1rem;font-weight:600}
            .equal{background:#e2f4e5;color:#13501f}.different{background:#fbe4e2;color:#7d1a12}
            table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}
            th{font-weight:600;color:#56616c}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
            tr.total td{font-weight:600;border-top:2px solid #8b98a5}tr.bad td:first-child{border-left:4px solid #c0392b}
            td.f{color:#56616c;white-space:nowrap;width:12rem}code{font:12.5px ui-monospace,monospace;overflow-wrap:anywhere}
            .more{color:#56616c}@media print{body{margin:0;max-width:none}}
            """;

    /** Whether the report shows values of the user's data. */
    public enum Values {
        SHOWN,
        HIDDEN
    }

    private final ReportHeader header;
    private final VerifyReport report;
    private final Values values;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(ReportHeader header, VerifyReport report, Values values) {
        this.header = header;
        this.report = report;
        this.values = values;
    }

    /** @throws RefusedException if the file cannot be written */
    public static void write(Path file, ReportHeader header, VerifyReport report, Values values) {
        try {
            Files.writeString(file, render(header, report, values));
        } catch (IOException e) {
            throw new RefusedException(
                    "--report: cannot write " + file + " (" + e + ")",
                    "name a file in a directory you can write to",
                    e);
        }
    }

    static String render(ReportHeader header, VerifyReport report, Values values) {
        return new HtmlReport(header, report, values).render();
    }

    private String render() {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\"/>")
                .append("<title>Godwit verify: ")
                .append(report.isEqual() ? "equal" : "different")
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Comparison of source and target</h1>\n");
        verdict();
        facts();
        tables();
        structure("Differences of structure", report.structure());
        structure("Warnings, which change no row", report.warnings());
        report.tables().forEach(this::differences);
        return html.append("</body></html>\n").toString();
    }

    private void verdict() {
        RowCounts totals = report.totals();
        html.append("<p class=\"verdict ")
                .append(report.isEqual() ? "equal" : "different")
                .append("\">")
                .append(
                        report.isEqual()
                                ? report.tables().isEmpty()
                                        ? "Equal in structure; rows were not compared"
                                        : "Equal: " + number(totals.truthRows()) + " rows in "
                                                + report.tables().size() + " tables"
                                : "Different: " + number(totals.differingRows()) + " rows, "
                                        + report.structure().size() + " differences of structure")
                .append("</p>\n");
    }

    private void facts() {
        html.append("<table>\n");
        fact("Compared by", header.who());
        fact("Started", time(header.startedAt()));
        fact("Ended", time(header.endedAt()) + ", after " + duration(report.duration()));
        fact("Source", header.source() + "\n" + header.sourceVersion());
        fact("Target", header.target() + "\n" + header.targetVersion());
        header.facts().forEach(this::fact);
        html.append("</table>\n");
    }

    private void fact(String name, String value) {
        String lines = value.lines().map(HtmlText::escaped).collect(Collectors.joining("<br/>"));
        html.append("<tr><td class=\"f\">")
                .append(HtmlText.escaped(name))
                .append("</td><td>")
                .append(lines)
                .append("</td></tr>\n");
    }

    private static List<Long> numbers(RowCounts counts) {
        return List.of(
                counts.truthRows(),
                counts.success(),
                counts.conditionalSuccess(),
                counts.missing(),
                counts.mismatch(),
                counts.extraneous(),
                counts.columnMismatch(),
                counts.liveRetry());
    }

    private void tables() {
        if (report.tables().isEmpty()) {
            return;
        }
        html.append("<h2>Tables</h2>\n<table>\n<tr><th>table</th>");
        for (String name : List.of(
                "source rows",
                "equal",
                "equal but for columns",
                "missing",
                "mismatch",
                "extraneous",
                "columns not compared",
                "live retries",
                "ranges")) {
            html.append("<th class=\"n\">").append(name).append("</th>");
        }
        html.append("</tr>\n");
        for (TableReport table : report.tables()) {
            String name = HtmlText.escaped(table.table().toString())
                    + table.notCompared()
                            .map(reason ->
                                    "<br/><span class=\"more\">not compared: " + HtmlText.escaped(reason) + "</span>")
                            .orElse("");
            line(table.isEqual() ? "" : "bad", name, table.counts(), table.ranges());
        }
        line(
                "total",
                "total",
                report.totals(),
                report.tables().stream().mapToInt(TableReport::ranges).sum());
        html.append("</table>\n");
    }

    private void line(String style, String name, RowCounts counts, int ranges) {
        html.append("<tr class=\"").append(style).append("\"><td>").append(name).append("</td>");
        numbers(counts).forEach(this::numberCell);
        numberCell(ranges);
        html.append("</tr>\n");
    }

    private void numberCell(long value) {
        html.append("<td class=\"n\">").append(number(value)).append("</td>");
    }

    private void structure(String title, List<StructureDifference> found) {
        if (found.isEmpty()) {
            return;
        }
        html.append("<h2>")
                .append(title)
                .append("</h2>\n<table>\n<tr><th>table</th><th>column</th><th>what</th></tr>\n");
        for (StructureDifference one : found) {
            html.append("<tr>");
            cell(one.table().toString());
            cell(one.column() == null ? "" : one.column());
            cell(one.message());
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private void differences(TableReport table) {
        if (table.firstDifferences().isEmpty()) {
            return;
        }
        long all = table.counts().differingRows();
        int listed = table.firstDifferences().size();
        html.append("<h2>Differing rows of ")
                .append(HtmlText.escaped(table.table().toString()))
                .append("</h2>\n");
        if (listed < all) {
            html.append("<p class=\"more\">The first ")
                    .append(number(listed))
                    .append(" of ")
                    .append(number(all))
                    .append("; --differences-file writes all of them.</p>\n");
        }
        html.append("<table>\n<tr><th>what</th><th>key</th><th>columns</th></tr>\n");
        for (RowDifference difference : table.firstDifferences()) {
            html.append("<tr>");
            cell(
                    switch (difference.kind()) {
                        case MISSING -> "missing on the target";
                        case MISMATCH -> "differs";
                        case EXTRANEOUS -> "only on the target";
                    });
            cell(key(difference.key()));
            cell(difference.columns().stream().map(this::column).collect(Collectors.joining(", ")));
            html.append("</tr>\n");
        }
        html.append("</table>\n");
    }

    private static String key(Map<String, String> key) {
        return key.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(", "));
    }

    private String column(ColumnDifference column) {
        return values == Values.SHOWN
                ? column.column() + " (" + quoted(column.sourceValue()) + " / " + quoted(column.targetValue()) + ")"
                : column.column();
    }

    private static String quoted(String value) {
        return value == null ? "NULL" : "'" + value + "'";
    }

    private void cell(String text) {
        html.append("<td><code>").append(HtmlText.escaped(text)).append("</code></td>");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String duration(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}

package dev.godwit.fetch.report;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.Mismatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Counts for Prometheus, each under Godwit's name and under the one that MOLT Fetch has for it. Thread-safe.
 */
public final class FetchMetrics implements FetchListener {
    private static final List<String> PREFIXES = List.of("godwit_fetch_", "molt_fetch_");

    /** Of one table. Without files, export and import go hand in hand. */
    private static final class Counts {
        private long exported;
        private long imported;
        private long bytes;
        private long expected;
        private long startedNanos;
        private long exportMs;
        private long importMs;
        private boolean byFiles;
    }

    private final SortedMap<TableName, Counts> tables = new TreeMap<>();
    private final long startedNanos = System.nanoTime();
    private boolean importing;
    private long errors;
    private long warnings;
    private Duration overall;

    private Counts of(TableName table) {
        return tables.computeIfAbsent(table, name -> new Counts());
    }

    @Override
    public synchronized void mismatch(Mismatch mismatch) {
        warnings += mismatch.stops() ? 0 : 1;
    }

    @Override
    public synchronized void warned(String message) {
        warnings++;
    }

    @Override
    public synchronized void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
        rowsEstimated.forEach((table, rows) -> of(table).expected = rows);
    }

    @Override
    public synchronized void exportStarted(TableName table) {
        of(table).byFiles = true;
        of(table).startedNanos = System.nanoTime();
    }

    @Override
    public synchronized void tableExported(TableName table, long rows, long bytes, Duration elapsed) {
        Counts counts = of(table);
        counts.exported = rows;
        counts.exportMs = elapsed.toMillis();
    }

    @Override
    public synchronized void importStarted(Map<TableName, Long> rows) {
        importing = true;
        rows.forEach((table, expected) -> {
            Counts counts = of(table);
            counts.byFiles = true;
            counts.expected = expected;
            counts.exported = expected;
        });
    }

    @Override
    public synchronized void tableStarted(TableName table) {
        of(table).startedNanos = System.nanoTime();
    }

    @Override
    public synchronized void progressed(TableName table, long moreRows, long moreBytes) {
        Counts counts = of(table);
        long elapsedMs = (System.nanoTime() - counts.startedNanos) / 1_000_000;
        if (!importing) {
            counts.exported += moreRows;
            counts.bytes += moreBytes;
            counts.exportMs = elapsedMs;
        }
        if (importing || !counts.byFiles) {
            counts.importMs = elapsedMs;
        }
    }

    @Override
    public synchronized void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
        Counts counts = of(table);
        counts.exported = rows;
        counts.imported = rows;
        counts.bytes = bytes;
        counts.exportMs = counts.byFiles ? counts.exportMs : elapsed.toMillis();
        counts.importMs = elapsed.toMillis();
    }

    @Override
    public synchronized void loadComplete(FetchResult result) {
        overall = result.elapsed();
    }

    public synchronized void failed() {
        errors++;
    }

    /** In Prometheus's text format. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        Duration elapsed = overall == null ? Duration.ofNanos(System.nanoTime() - startedNanos) : overall;
        one(text, "num_tables", "gauge", "Tables of the load", tables.size());
        one(text, "num_task_errors", "counter", "Errors that ended the load", (double) errors);
        one(text, "num_warnings", "counter", "Warnings", (double) warnings);
        one(text, "overall_duration", "gauge", "Seconds since the load began", elapsed.toMillis() / 1000.0);
        each(text, "rows_expected", "gauge", "Rows as the source's planner guesses", counts -> counts.expected);
        each(text, "rows_exported", "gauge", "Rows read from the source", counts -> counts.exported);
        each(
                text,
                "rows_imported",
                "gauge",
                "Rows committed on the target, when all of the table are",
                counts -> counts.imported);
        each(text, "bytes", "gauge", "Bytes of COPY text that went through", counts -> counts.bytes);
        each(text, "table_export_duration_ms", "gauge", "Milliseconds of a table's export", counts -> counts.exportMs);
        each(text, "table_import_duration_ms", "gauge", "Milliseconds of a table's import", counts -> counts.importMs);
        return text.toString();
    }

    private static void one(StringBuilder text, String name, String type, String help, double value) {
        for (String prefix : PREFIXES) {
            head(text, prefix + name, type, help);
            text.append(prefix).append(name).append(' ').append(value).append('\n');
        }
    }

    private void each(StringBuilder text, String name, String type, String help, ToLongFunction<Counts> value) {
        for (String prefix : PREFIXES) {
            head(text, prefix + name, type, help);
            tables.forEach((table, counts) -> text.append(prefix)
                    .append(name)
                    .append("{table=\"")
                    .append(table.toString()
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n"))
                    .append("\"} ")
                    .append(value.applyAsLong(counts))
                    .append('\n'));
        }
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}

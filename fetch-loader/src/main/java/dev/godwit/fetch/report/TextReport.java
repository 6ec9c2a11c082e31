package dev.godwit.fetch.report;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.Mismatch;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells people how the load goes: a line for each table, and a last one with the sum. */
public final class TextReport implements FetchListener {
    private final PrintWriter out;
    private final ProgressBar bar;
    private final String checkpoint;
    private String id = "";
    private int nameWidth;

    /** @param checkpoint by what replication carries on, in words; empty if nothing is known of it */
    public TextReport(PrintWriter out, ProgressBar bar, String checkpoint) {
        this.out = out;
        this.bar = bar;
        this.checkpoint = checkpoint;
    }

    private void line(String text) {
        bar.clear();
        out.println(text);
        out.flush();
    }

    @Override
    public void mismatch(Mismatch mismatch) {
        if (!mismatch.stops()) { // what stops the load is told by its refusal
            warned(mismatch.message());
        }
    }

    @Override
    public void warned(String message) {
        line("warning: " + message);
    }

    @Override
    public void informed(String message) {
        line(message);
    }

    @Override
    public void loadNamed(String fetchId) {
        id = fetchId;
    }

    @Override
    public void exportStarted(TableName table) {
        bar.tableStarted(table);
    }

    @Override
    public void tableExported(TableName table, long rows, long bytes, Duration elapsed) {
        table("exported ", table, rows, bytes, elapsed);
    }

    @Override
    public void importStarted(Map<TableName, Long> rows) {
        widen(rows);
        line("importing files of " + rows.size() + (rows.size() == 1 ? " table" : " tables"));
        bar.started(rows);
    }

    @Override
    public void tableStarted(TableName table) {
        bar.tableStarted(table);
    }

    @Override
    public void waitingForTransactions(List<String> transactions) {
        line("the snapshot waits for open transactions of the source: " + String.join("; ", transactions));
    }

    @Override
    public void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
        int tables = rowsEstimated.size();
        widen(rowsEstimated);
        line("loading " + tables + (tables == 1 ? " table" : " tables") + " from "
                + (cdcCursor.isEmpty()
                        ? "a snapshot without a checkpoint"
                        : "the snapshot at " + cdcCursor + (checkpoint.isEmpty() ? "" : " (" + checkpoint + ")"))
                + (id.isEmpty() ? "" : ", fetch id " + id));
        bar.started(rowsEstimated);
    }

    @Override
    public void progressed(TableName table, long moreRows, long moreBytes) {
        bar.progressed(table, moreRows, moreBytes);
    }

    private void widen(Map<TableName, Long> tables) {
        nameWidth = tables.keySet().stream()
                .mapToInt(table -> table.toString().length())
                .max()
                .orElse(0);
    }

    @Override
    public void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
        table("", table, rows, bytes, elapsed);
    }

    private void table(String what, TableName table, long rows, long bytes, Duration elapsed) {
        line(String.format(
                Locale.ROOT,
                "  " + what + "%-" + Math.max(1, nameWidth) + "s %14s rows %10s %10s %12s rows/s",
                table,
                Amounts.rows(rows),
                Amounts.bytes(bytes),
                Amounts.time(elapsed),
                Amounts.rows(Math.round(rows / Math.max(0.001, elapsed.toNanos() / 1e9)))));
        bar.tableLoaded(table);
    }

    @Override
    public void loadComplete(FetchResult result) {
        line("loaded " + Amounts.rows(result.rowsTotal()) + " rows, " + Amounts.bytes(result.bytes()) + " in "
                + Amounts.time(result.elapsed())
                + (result.cdcCursor().isEmpty() ? "; no checkpoint" : "; cdc_cursor " + result.cdcCursor()));
    }
}

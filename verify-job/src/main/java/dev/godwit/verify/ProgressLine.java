package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One line on a terminal that is written over and over; nothing where there is no terminal. Thread-safe. */
final class ProgressLine {
    private static final long NANOS_BETWEEN = 200_000_000L;

    private final PrintWriter terminal;
    private final Map<TableName, Long> rows = new HashMap<>();
    private final long start = System.nanoTime();
    private long shown;
    private int tables;
    private int tablesFinished;
    private int width;

    /** @param terminal null if there is none */
    private ProgressLine(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Shows nothing if there is no terminal. */
    static ProgressLine onTerminal(PrintWriter err) {
        return new ProgressLine(Terminal.isThere() ? err : null);
    }

    static ProgressLine on(PrintWriter terminal) {
        return new ProgressLine(terminal);
    }

    synchronized void started(int tableCount) {
        tables = tableCount;
        show();
    }

    synchronized void rows(TableName table, long truthRows) {
        rows.put(table, truthRows);
        if (System.nanoTime() - shown > NANOS_BETWEEN) {
            show();
        }
    }

    synchronized void finished(TableName table, long truthRows) {
        rows.put(table, truthRows);
        tablesFinished++;
        show();
    }

    private void show() {
        long sum = rows.values().stream().mapToLong(Long::longValue).sum();
        double seconds = (System.nanoTime() - start) / 1e9;
        write(String.format(
                Locale.ROOT,
                "verifying: %d of %d tables, %,d rows, %,d rows/s",
                tablesFinished,
                tables,
                sum,
                seconds < 0.5 ? 0 : Math.round(sum / seconds)));
    }

    synchronized void clear() {
        write("");
        if (terminal != null) {
            terminal.print("\r");
            terminal.flush();
        }
    }

    private void write(String line) {
        if (terminal != null) {
            terminal.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            terminal.flush();
            width = line.length();
            shown = System.nanoTime();
        }
    }
}

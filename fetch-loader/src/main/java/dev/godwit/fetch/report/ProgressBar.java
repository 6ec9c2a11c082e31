package dev.godwit.fetch.report;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One line at the bottom of a terminal that is written over and over. Not thread-safe. */
public final class ProgressBar {
    private static final long NANOS_BETWEEN = 200_000_000L;
    private static final int CELLS = 24;
    private static final int TABLES_SHOWN = 2;

    private final PrintWriter terminal;
    private long startedNanos = System.nanoTime();
    private final Map<TableName, Long> rowsExpected = new HashMap<>();
    private final Map<TableName, Long> rowsSeen = new HashMap<>();
    /** When the tables that are on their way began. */
    private final Map<TableName, Long> running = new LinkedHashMap<>();

    private int tablesLoaded;
    private long rows;
    private long bytes;
    private long shownNanos;
    private int width;

    private ProgressBar(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Shows nothing if there is no terminal. */
    public static ProgressBar onTerminal(PrintWriter err) {
        return new ProgressBar(Terminal.console().isPresent() ? err : null);
    }

    public static ProgressBar none() {
        return new ProgressBar(null);
    }

    static ProgressBar on(PrintWriter terminal) {
        return new ProgressBar(terminal);
    }

    void started(Map<TableName, Long> rowsEstimated) {
        // Files are read from the beginning again.
        rowsExpected.clear();
        rowsSeen.clear();
        running.clear();
        tablesLoaded = 0;
        rows = 0;
        bytes = 0;
        startedNanos = System.nanoTime();
        rowsExpected.putAll(rowsEstimated);
        show();
    }

    void tableStarted(TableName table) {
        running.put(table, System.nanoTime());
    }

    void progressed(TableName table, long moreRows, long moreBytes) {
        rows += moreRows;
        bytes += moreBytes;
        // A table is larger than was guessed: the guess follows.
        rowsExpected.merge(table, rowsSeen.merge(table, moreRows, Long::sum), Math::max);
        if (System.nanoTime() - shownNanos > NANOS_BETWEEN) {
            show();
        }
    }

    void tableLoaded(TableName table) {
        tablesLoaded++;
        running.remove(table);
        rowsExpected.put(table, rowsSeen.getOrDefault(table, 0L));
        show();
    }

    private void show() {
        long expected =
                rowsExpected.values().stream().mapToLong(Long::longValue).sum();
        boolean done = tablesLoaded == rowsExpected.size();
        double share = done ? 1 : expected == 0 ? 0 : Math.min(0.99, (double) rows / expected);
        int full = (int) Math.floor(share * CELLS);
        double seconds = Math.max(0.2, (System.nanoTime() - startedNanos) / 1e9);
        write(String.format(
                Locale.ROOT,
                "[%s%s] %3d %%  %d of %d tables, %s rows, %s, %s rows/s%s%s",
                "#".repeat(full),
                "-".repeat(CELLS - full),
                (int) Math.floor(share * 100),
                tablesLoaded,
                rowsExpected.size(),
                Amounts.rows(rows),
                Amounts.bytes(bytes),
                Amounts.rows(Math.round(rows / seconds)),
                left(rows, expected, seconds),
                tables()));
        shownNanos = System.nanoTime();
    }

    /** How long it may still take, if it goes on as it has gone so far; nothing while nobody can say. */
    private static String left(long seen, long expected, double seconds) {
        if (seen == 0 || expected <= seen) {
            return "";
        }
        return ", " + Amounts.time(Duration.ofMillis((long) (seconds * 1000 * (expected - seen) / seen))) + " left";
    }

    /** Some of the tables that are on their way, the oldest first. */
    private String tables() {
        StringBuilder text = new StringBuilder();
        running.entrySet().stream().limit(TABLES_SHOWN).forEach(entry -> {
            long seen = rowsSeen.getOrDefault(entry.getKey(), 0L);
            long expected = Math.max(1, rowsExpected.getOrDefault(entry.getKey(), 0L));
            double seconds = Math.max(0.2, (System.nanoTime() - entry.getValue()) / 1e9);
            text.append("; ")
                    .append(entry.getKey())
                    .append(String.format(Locale.ROOT, " %d %%", Math.min(99, 100 * seen / expected)))
                    .append(left(seen, expected, seconds));
        });
        return text.toString();
    }

    /** Makes room for a line of text. */
    public void clear() {
        if (terminal != null && width > 0) {
            terminal.print("\r" + " ".repeat(width) + "\r");
            terminal.flush();
            width = 0;
        }
    }

    private void write(String line) {
        if (terminal != null) {
            terminal.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            terminal.flush();
            width = line.length();
        }
    }
}

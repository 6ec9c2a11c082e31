package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.io.Console;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One line at the bottom of a terminal that is written over and over. Not thread-safe. */
final class ProgressBar {
    private static final long NANOS_BETWEEN = 200_000_000L;
    private static final int CELLS = 24;

    private final PrintWriter terminal;
    private final long startedNanos = System.nanoTime();
    private final Map<TableName, Long> rowsExpected = new HashMap<>();
    private final Map<TableName, Long> rowsSeen = new HashMap<>();
    private int tablesLoaded;
    private long rows;
    private long bytes;
    private long shownNanos;
    private int width;

    private ProgressBar(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Shows nothing if there is no terminal. */
    static ProgressBar onTerminal(PrintWriter err) {
        return new ProgressBar(hasTerminal() ? err : null);
    }

    /** From Java 22 on there is a console object in a pipe too, which has to be asked. */
    private static boolean hasTerminal() {
        Optional<Console> console = Optional.ofNullable(System.console());
        try {
            return console.isPresent()
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console.get());
        } catch (NoSuchMethodException e) {
            return true; // an older Java: a console is a terminal
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static ProgressBar on(PrintWriter terminal) {
        return new ProgressBar(terminal);
    }

    void started(Map<TableName, Long> rowsEstimated) {
        rowsExpected.putAll(rowsEstimated);
        show();
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
                "[%s%s] %3d %%  %d of %d tables, %s rows, %s, %s rows/s",
                "#".repeat(full),
                "-".repeat(CELLS - full),
                (int) Math.floor(share * 100),
                tablesLoaded,
                rowsExpected.size(),
                Amounts.rows(rows),
                Amounts.bytes(bytes),
                Amounts.rows(Math.round(rows / seconds))));
        shownNanos = System.nanoTime();
    }

    /** Makes room for a line of text. */
    void clear() {
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

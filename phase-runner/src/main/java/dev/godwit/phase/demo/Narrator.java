package dev.godwit.phase.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells the story, each line with the time since it began. Thread-safe. */
public final class Narrator {
    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    public Narrator(PrintWriter out) {
        this.out = out;
    }

    public synchronized void say(String line) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", elapsed().toMillis() / 1000.0, line);
        out.flush();
    }

    /** A line without the time. */
    public synchronized void print(String line) {
        out.println(line);
        out.flush();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}

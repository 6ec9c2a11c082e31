package dev.godwit.phase.cli;

import java.util.List;

/** The entry point. The only place that ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        run(arguments);
    }

    /**
     * Runs the command line, then ends the JVM.
     *
     * @param further commands beside this module's own, from modules that stand above it
     */
    public static void run(String[] arguments, Object... further) {
        LogFile logFile = LogFile.choose(List.of(arguments));
        System.exit(GodwitCommand.commandLine(logFile::keep, further).execute(arguments));
    }
}

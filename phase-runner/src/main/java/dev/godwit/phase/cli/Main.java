package dev.godwit.phase.cli;

import java.util.List;

/** The entry point. The only place that ends the JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        LogFile logFile = LogFile.choose(List.of(arguments));
        System.exit(GodwitCommand.commandLine(logFile::keep).execute(arguments));
    }
}

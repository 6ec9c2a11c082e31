package dev.godwit.phase.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command of {@code godwit}, run in this process.
 *
 * @param output what it has printed, on both streams
 */
public record CommandRun(int exitCode, String output) {
    public static CommandRun of(String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output, true);
        int exitCode = GodwitCommand.commandLine(() -> "godwit.log")
                .setOut(printer)
                .setErr(printer)
                .execute(arguments);
        return new CommandRun(exitCode, output.toString());
    }
}

package dev.godwit.verify;

import picocli.CommandLine.Option;

/** Options of MOLT Verify's command lines that there is nothing to do for. */
final class MoltOptions {

    @Option(
            names = "--compile-only",
            arity = "0..1",
            paramLabel = "true|false",
            order = 80,
            defaultValue = "false",
            fallbackValue = "true",
            description =
                    "Only check options and files, without connecting to the databases: exit code 0 if they can be understood, else 2.")
    private boolean compileOnly;

    @Option(
            names = "--non-interactive",
            arity = "0..1",
            paramLabel = "true|false",
            order = 81,
            fallbackValue = "true",
            description = "Taken for command lines of MOLT Verify: nothing is ever asked.")
    @SuppressWarnings("UnusedVariable") // it changes nothing
    private boolean nonInteractive;

    @Option(
            names = "--allow-tls-mode-disable",
            arity = "0..1",
            paramLabel = "true|false",
            order = 82,
            fallbackValue = "true",
            description =
                    "Taken for command lines of MOLT Verify: the URL alone says whether connections are encrypted.")
    @SuppressWarnings("UnusedVariable") // it changes nothing
    private boolean allowTlsModeDisable;

    boolean onlyCompiles() {
        return compileOnly;
    }
}

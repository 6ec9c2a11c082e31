package dev.godwit.fetch.cli;

import picocli.CommandLine.Option;

/** Options of the output. */
final class OutputOptions {
    @Option(names = "--json", description = "Write JSON lines with MOLT Fetch's messages and fields.")
    private boolean json;

    @Option(
            names = "--use-console-writer",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description = "Taken for command lines of MOLT Fetch: text for people, which is what comes without --json.")
    private boolean console;

    @Option(
            names = "--metrics-listen-addr",
            paramLabel = "HOST:PORT",
            description =
                    "Offer metrics for Prometheus at http://HOST:PORT/metrics while the load runs; port 0 takes a free one. Default:"
                            + " none")
    private String metricsAddress;

    @Option(
            names = "--non-interactive",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Never ask: what would be dropped is dropped. Without it, and without a terminal to ask at, such a load is refused.")
    private boolean nonInteractive;

    @Option(
            names = "--allow-tls-mode-disable",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Taken for command lines of MOLT Fetch: the URL alone says whether connections are encrypted.")
    @SuppressWarnings("UnusedVariable") // it changes nothing
    private boolean allowTlsModeDisable;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    boolean json() {
        return json && !console;
    }

    String metricsAddress() {
        return metricsAddress;
    }

    boolean nonInteractive() {
        return nonInteractive;
    }
}

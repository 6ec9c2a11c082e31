package dev.godwit.phase.cli;

import picocli.CommandLine.Option;

/** {@code --help}, which every command has. */
@SuppressWarnings("UnusedVariable") // picocli acts on it
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}

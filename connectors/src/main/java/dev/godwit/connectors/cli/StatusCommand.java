package dev.godwit.connectors.cli;

import picocli.CommandLine.Command;

/** {@code godwit connectors status}. */
@Command(
        name = "status",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = "Tells whether changes flow, how far behind they are, and why they do not.")
final class StatusCommand extends FeedCommand {
    @Override
    void execute() {
        report();
    }
}

package dev.godwit.connectors.cli;

import picocli.CommandLine.Command;

/** {@code godwit connectors resume}. */
@Command(
        name = "resume",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = "Goes on where pause has stopped.")
final class ResumeCommand extends FeedCommand {
    @Override
    void execute() {
        if (options().isForward()) {
            options().forwardConnector().resume();
        } else {
            options().changefeed().resume();
        }
        report();
    }
}

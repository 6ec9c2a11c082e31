package dev.godwit.connectors.cli;

import picocli.CommandLine.Command;

/** {@code godwit connectors pause}. */
@Command(
        name = "pause",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Stops reading for a while. The database keeps its log, or its old row versions, until resume or delete.")
final class PauseCommand extends FeedCommand {
    @Override
    void execute() {
        if (options().isForward()) {
            options().forwardConnector().pause();
        } else {
            options().changefeed().pause();
        }
        report();
    }
}

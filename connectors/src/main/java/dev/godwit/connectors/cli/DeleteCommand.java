package dev.godwit.connectors.cli;

import dev.godwit.connectors.CapturedTables;
import dev.godwit.connectors.ForwardConnector;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.connectors.Topics;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code godwit connectors delete}. */
@Command(
        name = "delete",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Removes the connector or cancels the changefeed, for good.",
            "",
            "Replication slot and publication of the source stay: the slot holds back WAL until it is dropped."
        })
final class DeleteCommand extends FeedCommand {
    @Option(
            names = "--topics",
            description = "Delete the topics too, with every message, applied or not. Needs --tables.")
    private boolean topics;

    @Override
    void execute() {
        if (topics && options().tables().isEmpty()) {
            throw new RefusedException("no tables are given, so the topics are not known", "add --tables");
        }
        if (options().isForward()) {
            ForwardConnector connector = options().forwardConnector();
            connector.delete(topics);
        } else {
            deleteChangefeed();
        }
        report();
    }

    private void deleteChangefeed() {
        options().changefeed().delete();
        if (topics) {
            PhaseDirection phase = options().phase();
            Database target = options().failbackSource();
            List<String> names = new ArrayList<>();
            CapturedTables.of(options().tables())
                    .forEach(table -> names.add(phase.failbackTopic(target.url().database(), table)));
            try (Topics broker =
                    Topics.on(options().bootstrapServers(), options().kafkaSettings())) {
                broker.delete(names);
            }
        }
    }
}

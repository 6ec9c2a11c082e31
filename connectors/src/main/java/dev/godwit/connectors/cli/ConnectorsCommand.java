package dev.godwit.connectors.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit connectors}: what brings changes into Kafka. */
@Command(
        name = "connectors",
        sortOptions = false,
        usageHelpAutoWidth = true,
        descriptionHeading = "%n",
        customSynopsis = "godwit connectors COMMAND [OPTION]...",
        synopsisHeading = "Usage: ",
        description = {
            "Sets up and looks after what brings the changes of one phase into Kafka.",
            "",
            "Forward, that is a Debezium connector in Kafka Connect, which reads the replication slot that the load has made. For failback"
                    + " it is a changefeed of CockroachDB."
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {
            DeployCommand.class,
            StatusCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            DeleteCommand.class
        })
public final class ConnectorsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name one of the commands.");
    }
}

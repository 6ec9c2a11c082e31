package dev.godwit.phase.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit apply dead-letters}. */
@Command(
        name = "dead-letters",
        header = "Shows or replays the changes that were put aside.",
        description =
                "With \"apply: {bad-rows: dead-letter}\" in the phase file, the applier puts what the target does not take into the"
                        + " topic <migration>-<phase>-<direction>.dead-letters, and goes on.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = {DeadLettersListCommand.class, DeadLettersReplayCommand.class})
final class DeadLettersCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list or replay");
    }
}

package dev.godwit.phase.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit phase}: the whole road of one phase. */
@Command(
        name = "phase",
        header = "Takes one phase through its twelve steps, and back if need be.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            PhasePlanCommand.class,
            PhaseRunCommand.class,
            PhaseStatusCommand.class,
            PhaseRollbackCommand.class
        },
        footer = {
            "",
            "A phase file says what is moved, from where to where; see docs/phase-file.md. What is done is recorded on the target, so an"
                    + " interrupted run goes on where it was."
        })
final class PhaseCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with the phase: plan, run, status or rollback");
    }
}

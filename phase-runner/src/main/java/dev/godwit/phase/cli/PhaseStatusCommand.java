package dev.godwit.phase.cli;

import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code godwit phase status}. */
@Command(
        name = "status",
        header =
                "Shows how far the phase is: the state, time and evidence of each step, and how far both directions are.",
        description = "Writes nothing, and may be run while another process runs the phase.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class PhaseStatusCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private PhaseFileOption phase;

    @Override
    public Integer call() throws Exception {
        PhaseFile file = phase.read();
        try (PhaseRunner runner = PhaseRunner.open(file, PhaseOptions.defaults())) {
            phase.output().status(file.fullName(), runner.status());
        }
        return 0;
    }
}

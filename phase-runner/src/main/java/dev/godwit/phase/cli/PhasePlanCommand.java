package dev.godwit.phase.cli;

import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code godwit phase plan}. */
@Command(
        name = "plan",
        header = "Checks everything that can be checked beforehand, and says what each step will do.",
        description = "Writes nothing.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class PhasePlanCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private PhaseFileOption phase;

    @Override
    public Integer call() throws Exception {
        PhaseFile file = phase.read();
        try (PhaseRunner runner = PhaseRunner.open(file, PhaseOptions.defaults())) {
            phase.output().plan(file.fullName(), runner.plan());
        }
        return 0;
    }
}

package dev.godwit.phase.cli;

import dev.godwit.apply.Drain.Drained;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit apply drain}. */
@Command(
        name = "drain",
        header = "Waits until everything that is committed is applied.",
        description = {
            "Writes a marker on the replication source and waits until the consistent point of the other side has passed it. Stop the"
                    + " traffic first: what is written after the marker is not waited for."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class ApplyDrainCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Option(names = "--phase", paramLabel = "FILE", required = true, description = "The phase file (YAML).")
    private Path phaseFile;

    @Option(names = "--direction", paramLabel = "DIRECTION", description = "forward (default) or failback.")
    private String direction = "forward";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up after this time; nothing is lost then. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 300;

    @Override
    public Integer call() {
        Drained drained = PhaseApplier.drain(
                ApplyOptions.phaseFile(spec.commandLine(), phaseFile),
                ApplyOptions.direction(direction),
                Duration.ofSeconds(timeoutSeconds));
        spec.commandLine()
                .getOut()
                .println("drained in " + Words.duration(drained.elapsed()) + ": everything up to "
                        + drained.consistentPoint() + " is applied (marker " + drained.marker() + ")");
        return 0;
    }
}

package dev.godwit.phase.cli;

import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.UserAction;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit phase rollback}. */
@Command(
        name = "rollback",
        header = "Brings the phase back to the source, from step 7 on.",
        description = {
            "Before failback replication is on (step 10), forward replication is taken up again and the traffic may go on at the source at"
                    + " once.",
            "After that: drains failback once the traffic to the target has stopped, compares both sides, tells you to send the traffic to the"
                    + " source, and removes the replication. No row is lost either way."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class PhaseRollbackCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    private static final int WAITING = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PhaseFileOption phase;

    @Option(
            names = "--confirm",
            paramLabel = "ACTION",
            description =
                    "stop-target-traffic: your word that the application writes nothing of this phase to the target any more.")
    private List<String> confirm = List.of();

    @Override
    public Integer call() throws Exception {
        Set<UserAction> confirmed = EnumSet.noneOf(UserAction.class);
        confirm.forEach(word -> confirmed.add(UserAction.parse(word)));
        PhaseFile file = phase.read();
        PhaseOutput output = phase.output();
        PhaseOptions options = PhaseOptions.defaults()
                .listener(output)
                .actions(new ConfirmedActions(confirmed, spec.commandLine().getOut()));
        return Signals.interrupting(() -> {
            try (PhaseRunner runner = PhaseRunner.open(file, options)) {
                return tell(output, file.fullName(), runner);
            }
        });
    }

    private int tell(PhaseOutput output, String name, PhaseRunner runner) throws Exception {
        switch (runner.rollback()) {
            case FORWARD_AGAIN -> {
                output.ended(
                        name,
                        "forward-again",
                        "phase " + name
                                + " is back before step 6: send its traffic to the source; godwit phase run takes forward"
                                + " replication up again");
                return 0;
            }
            case RETURNED -> {
                output.ended(
                        name, "rolled-back", "phase " + name + " is rolled back: its traffic belongs on the source");
                return 0;
            }
            case WAITING_FOR_USER -> {
                output.ended(
                        name,
                        "waiting",
                        "phase " + name + " waits for you to " + UserAction.STOP_TARGET_TRAFFIC.request()
                                + "; then: godwit phase rollback --phase " + phase.path() + " --confirm "
                                + UserAction.STOP_TARGET_TRAFFIC.word());
                return WAITING;
            }
        }
        throw new IllegalStateException();
    }
}

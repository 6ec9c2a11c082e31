package dev.godwit.phase.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.file.PhaseFile.ApplierRun;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.RunResult;
import dev.godwit.phase.run.UserAction;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit phase run}. */
@Command(
        name = "run",
        header = "Does the steps that are not done yet.",
        description = {
            "Checks first and writes nothing if a check fails. An interrupted run goes on where it was. Some steps only you can do: there"
                    + " it asks on a terminal, and otherwise ends with exit code 3 and a line that says how to go on."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class PhaseRunCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    private static final int WAITING = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PhaseFileOption phase;

    @Option(
            names = "--until",
            paramLabel = "STEP",
            description = "Stop after this step: its number or its word, such as bulk-load. Default: the last one.")
    private String until = PhaseStep.STOP_FAILBACK.word();

    @Option(
            names = "--confirm",
            paramLabel = "ACTION",
            description =
                    "Your word that an action of yours is done: stop-traffic (step 7), cut-over (step 11), stop-failback (step 12)."
                            + " Only what comes next can be confirmed. May be given several times.")
    private List<String> confirm = List.of();

    @Option(
            names = "--keep-applying",
            description = "With apply.run: embedded, stay and go on replicating until stopped by Ctrl-C or SIGTERM.")
    private boolean keepApplying;

    @Option(
            names = "--start-over",
            description =
                    "Begin anew with a phase that was rolled back or has not stopped its traffic yet. Replaces its rows on the target.")
    private boolean startOver;

    @Override
    public Integer call() throws Exception {
        PhaseStep last = PhaseStep.parse(until);
        Set<UserAction> confirmed = EnumSet.noneOf(UserAction.class);
        confirm.forEach(word -> confirmed.add(UserAction.parse(word)));
        PhaseFile file = phase.read();
        PhaseOutput output = phase.output();
        PrintWriter out = spec.commandLine().getOut();
        PhaseOptions options = PhaseOptions.defaults().listener(output).actions(new ConfirmedActions(confirmed, out));
        return Signals.interrupting(() -> run(file, options, output, last, confirmed));
    }

    private int run(PhaseFile file, PhaseOptions options, PhaseOutput output, PhaseStep last, Set<UserAction> confirmed)
            throws Exception {
        try (PhaseRunner runner = PhaseRunner.open(file, options)) {
            refuseEarlyConfirmation(runner, confirmed);
            if (startOver) {
                runner.startOver();
            }
            RunResult result = runner.run(last);
            tell(file, output, result);
            if (keepApplying) {
                stayUntilStopped(runner);
            }
            return result.waitingFor().isPresent() ? WAITING : 0;
        }
    }

    /** What cannot have been done yet must not count as done when its step comes. */
    private static void refuseEarlyConfirmation(PhaseRunner runner, Set<UserAction> confirmed) throws Exception {
        for (UserAction action : confirmed) {
            PhaseStep before =
                    switch (action) {
                        case STOP_TRAFFIC -> PhaseStep.FORWARD_REPLICATION;
                        case CUT_OVER -> PhaseStep.FAILBACK_REPLICATION;
                        case STOP_FAILBACK -> PhaseStep.CUT_OVER;
                        case STOP_TARGET_TRAFFIC, RETURN_TRAFFIC ->
                            throw new RefusedException(
                                    action.word() + " belongs to rolling back", "use it with godwit phase rollback");
                    };
            if (!runner.records().get(before).isDone()) {
                throw new RefusedException(
                        action.word() + " cannot be confirmed yet: step " + before + " is not done",
                        "run the phase up to there first, then do it, then confirm it");
            }
        }
    }

    private void tell(PhaseFile file, PhaseOutput output, RunResult result) {
        String phaseName = file.fullName();
        Optional<UserAction> waiting = result.waitingFor();
        if (waiting.isEmpty()) {
            output.ended(
                    phaseName,
                    "done",
                    "phase " + phaseName + ": done up to step "
                            + result.lastDone().map(PhaseStep::toString).orElse("0"));
            return;
        }
        String pause = file.apply().run() == ApplierRun.EMBEDDED && !keepApplying
                ? " (replication rests until then, unless you add --keep-applying)"
                : "";
        output.ended(
                phaseName,
                "waiting",
                "phase " + phaseName + " waits for you to " + waiting.get().request()
                        + "; then: godwit phase run --phase " + phase.path() + " --confirm "
                        + waiting.get().word() + pause);
    }

    private static void stayUntilStopped(PhaseRunner runner) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!never.await(500, TimeUnit.MILLISECONDS)) {
                Optional<Throwable> failure = runner.applierFailure();
                if (failure.isPresent()) {
                    throw new IllegalStateException(
                            "the applier has stopped: " + failure.get().getMessage(), failure.get());
                }
            }
        } catch (InterruptedException e) {
            // That is how it is stopped; the caller closes everything.
            Thread.currentThread().interrupt();
        }
    }
}

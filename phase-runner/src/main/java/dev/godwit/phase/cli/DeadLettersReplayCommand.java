package dev.godwit.phase.cli;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.phase.run.PhaseApplier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit apply dead-letters replay}. */
@Command(
        name = "replay",
        header = "Applies dead letters, in the order of their transactions, each once.",
        description = {
            "Without --execute it only says what it would apply. Mend the cause first. The applier may run meanwhile. What still cannot be"
                    + " applied stays aside, with everything that changes the same rows after it; then the exit code is 1."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class DeadLettersReplayCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private DirectionOption phase;

    @Option(names = "--execute", description = "Write to the replication target.")
    private boolean execute;

    @Override
    public Integer call() throws Exception {
        if (!execute) {
            PhaseApplier.deadLetterPlan(phase.file(), phase.direction())
                    .values()
                    .forEach(plan -> plan.forEach(this::planned));
            return 0;
        }
        Told told = new Told();
        PhaseApplier.replayDeadLetters(phase.file(), phase.direction(), told);
        if (!phase.json()) {
            phase.out().println(told.replayed + " changes replayed, " + told.failed + " stand aside");
        }
        return told.failed == 0 ? 0 : 1;
    }

    private void planned(Position position, List<DeadLetter> letters) {
        say("would be replayed", position, letters.size(), null);
    }

    private void say(String message, Position position, int letters, String why) {
        if (phase.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("message", message);
            line.put("position", position.toString());
            line.put("changes", letters);
            line.put("why", why);
            JsonLines.write(phase.out(), line);
        } else {
            phase.out()
                    .println("transaction " + position + ", " + letters + " changes: " + message
                            + (why == null ? "" : ": " + why));
        }
    }

    private final class Told implements DeadLetterReplay.Listener {
        private int replayed;
        private int failed;

        @Override
        public void replayed(Position position, int letters) {
            replayed += letters;
            say("replayed", position, letters, null);
        }

        @Override
        public void failed(Position position, int letters, String why) {
            failed += letters;
            say("stands aside", position, letters, why);
        }
    }
}

package dev.godwit.phase.cli;

import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.Drain.Watch;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit apply drain}. */
@Command(
        name = "drain",
        header = "Waits until everything that is committed is applied.",
        description = {
            "Writes a marker on the replication source and waits until the consistent point of the other side has passed it. Stop the"
                    + " traffic first: what is written after the marker is not waited for. Ends with exit code 1 if the time is over, or"
                    + " if changes stand aside as dead letters."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n")
final class ApplyDrainCommand implements Callable<Integer> {
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Mixin
    private DirectionOption phase;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up after this time; nothing is lost then. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 300;

    @Override
    public Integer call() {
        Drained drained =
                PhaseApplier.drain(phase.file(), phase.direction(), Duration.ofSeconds(timeoutSeconds), new Waiting());
        if (phase.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("message", "drained");
            line.put("marker", drained.marker());
            line.put("consistent_point", drained.consistentPoint());
            line.put("elapsed_ms", drained.elapsed().toMillis());
            line.put("dead_letters", drained.deadLetters());
            JsonLines.write(phase.out(), line);
        } else {
            phase.out()
                    .println("drained in " + Words.duration(drained.elapsed()) + ": everything up to "
                            + drained.consistentPoint() + " is applied (marker " + drained.marker() + ")"
                            + (drained.deadLetters() == 0
                                    ? ""
                                    : ", but for " + drained.deadLetters()
                                            + " changes that stand aside; see: godwit apply dead-letters list"));
        }
        return drained.deadLetters() == 0 ? 0 : 1;
    }

    /** Says from time to time what it waits for. */
    private final class Waiting implements Watch {
        private Duration saidAt = Duration.ZERO;

        @Override
        public Optional<Throwable> failure() {
            return Optional.empty();
        }

        @Override
        public void waiting(String marker, String consistentPoint, Instant committedAt, Duration elapsed) {
            if (phase.json() || elapsed.minus(saidAt).compareTo(REPORT_INTERVAL) < 0) {
                return;
            }
            saidAt = elapsed;
            phase.out()
                    .println("waiting for marker " + marker + " since " + Words.duration(elapsed)
                            + "; the consistent point is " + consistentPoint
                            + (committedAt == null
                                    ? ""
                                    : ", committed " + Words.duration(Duration.between(committedAt, Instant.now()))
                                            + " ago"));
            phase.out().flush();
        }
    }
}

package dev.godwit.phase.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger knows about one step.
 *
 * @param startedAt of the latest attempt, by the target's clock; empty if it is only planned
 * @param endedAt empty if it has not ended
 */
public record StepRecord(
        PhaseStep step, StepState state, Evidence evidence, Optional<Instant> startedAt, Optional<Instant> endedAt) {

    static StepRecord planned(PhaseStep step) {
        return new StepRecord(step, StepState.PLANNED, Evidence.NONE, Optional.empty(), Optional.empty());
    }

    public boolean isDone() {
        return state == StepState.DONE;
    }

    /** From start to end of the latest attempt; empty while it has not ended. */
    public Optional<Duration> took() {
        return startedAt.flatMap(start -> endedAt.map(end -> Duration.between(start, end)));
    }
}

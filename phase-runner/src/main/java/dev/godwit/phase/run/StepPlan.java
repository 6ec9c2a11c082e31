package dev.godwit.phase.run;

import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepState;
import java.util.List;

/**
 * What one step will do.
 *
 * @param actions in words, one line each; empty if it is done already
 */
public record StepPlan(PhaseStep step, StepState state, List<String> actions) {
    public StepPlan {
        actions = List.copyOf(actions);
    }
}

package dev.godwit.phase.cli;

import dev.godwit.phase.run.PhaseListener;
import dev.godwit.phase.run.PhaseStatus;
import dev.godwit.phase.run.StepPlan;
import java.util.List;

/** Writes to standard output what a command about a phase has to say. */
interface PhaseOutput extends PhaseListener {
    void plan(String phase, List<StepPlan> steps);

    void status(String phase, PhaseStatus status);

    /**
     * The last line of a run.
     *
     * @param result one of {@code done}, {@code waiting}, {@code rolled-back}, {@code forward-again}
     */
    void ended(String phase, String result, String message);
}

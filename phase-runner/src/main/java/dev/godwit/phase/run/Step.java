package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.util.List;

/**
 * One step of a phase.
 *
 * <p>A run may end anywhere, also between the work of a step and its record. So {@link #run} either does what may be done twice, or finds out
 * by itself what an earlier attempt has left.
 */
abstract class Step {
    final PhaseContext context;

    Step(PhaseContext context) {
        this.context = context;
    }

    abstract PhaseStep id();

    /** What it will do, in words. Writes nothing. */
    abstract List<String> plan() throws Exception;

    /**
     * Everything that can be found wrong beforehand. Writes nothing.
     *
     * @param record an earlier attempt may have left things that would be in the way of a first one
     * @throws dev.godwit.database.RefusedException if the step cannot be done as things stand
     */
    void check(StepRecord record) throws Exception {}

    /** @return what it can show for itself */
    abstract Evidence run(Attempt attempt) throws Exception;
}

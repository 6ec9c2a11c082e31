package dev.godwit.phase.run;

import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;

/** Hears how a run goes on. One call at a time, though not always from the same thread; a call that takes long holds the run up. */
public interface PhaseListener {

    /** Hears nothing. */
    PhaseListener SILENT = new PhaseListener() {};

    /** Done by an earlier run. */
    default void stepSkipped(StepRecord record) {}

    default void stepStarted(PhaseStep step) {}

    /** Something worth knowing about the step that is running, in one line. */
    default void said(PhaseStep step, String message) {}

    /**
     * How far the step is; comes often.
     *
     * @param done never more than {@code total}
     * @param total may be an estimate
     */
    default void progressed(PhaseStep step, String unit, long done, long total) {}

    default void stepDone(StepRecord record) {}

    default void stepFailed(StepRecord record) {}
}

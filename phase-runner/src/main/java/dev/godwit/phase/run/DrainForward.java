package dev.godwit.phase.run;

import dev.godwit.apply.Drain.DrainTimeoutException;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import java.util.List;

/**
 * Step 8. An attempt that follows another drains again: it costs little, and it does not have to believe that nothing was written in between.
 */
final class DrainForward extends Step {
    DrainForward(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.DRAIN_FORWARD;
    }

    @Override
    List<String> plan() {
        return List.of(
                "write a marker on the source and wait until it is applied on the target, for at most "
                        + Words.duration(context.file.drainTimeout()),
                "stop the applier and pause connector " + context.forward.domain()
                        + "; its slot keeps the source's log until step 10 drops it");
    }

    @Override
    Evidence run(Attempt attempt) throws Exception {
        Evidence capture = context.forward.capture(attempt);
        context.forward.apply();
        Evidence drained = drain();
        attempt.requireLease();
        context.forward.stopApplying();
        context.forward.pauseCapture();
        return capture.with(drained);
    }

    private Evidence drain() throws Exception {
        try {
            Evidence drained = context.forward.roundTrip(context.file.drainTimeout());
            if (drained.number(Evidences.DEAD_LETTERS) > 0) {
                throw new PhaseFailedException(
                        drained.number(Evidences.DEAD_LETTERS) + " changes stand aside as dead letters, so not"
                                + " everything is applied",
                        "see them: godwit apply dead-letters list; mend the cause, then: godwit apply dead-letters replay --execute;"
                                + " then run the phase again");
            }
            return drained;
        } catch (DrainTimeoutException e) {
            context.forward.requireCapturing();
            throw new PhaseFailedException(
                    e.getMessage(),
                    "send the traffic back to the source if it cannot wait (godwit phase rollback); or raise drain-timeout and run the"
                            + " phase again, it drains again",
                    e);
        }
    }
}

package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Step 10. The way back is open before any traffic reaches the target. Only when it is proven is the forward capture dropped: from then on
 * {@link Rollback} goes by failback, before by simply going on forward.
 */
final class FailbackStep extends Step {
    /** Noted before the forward capture begins to be dropped. */
    static final String FORWARD_GIVEN_UP = "forward_given_up";

    FailbackStep(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.FAILBACK_REPLICATION;
    }

    @Override
    List<String> plan() {
        List<String> plan = new ArrayList<>(context.failback.plan());
        plan.add("wait until a marker travels from the target to the source in less than "
                + Words.duration(context.file.lagMax()));
        plan.add(
                "drop connector " + context.forward.domain()
                        + " with its slot and publication: the source's log is no longer kept, the way back is by failback only");
        return plan;
    }

    @Override
    void check(StepRecord record) throws Exception {
        context.failback.check();
    }

    @Override
    Evidence run(Attempt attempt) throws Exception {
        Evidence evidence = context.failback.capture(attempt);
        context.failback.apply();
        evidence = evidence.with(CatchUp.within(context.failback, context.file, attempt));
        attempt.requireLease();
        attempt.note(FORWARD_GIVEN_UP, true);
        context.forward.remove();
        return attempt.evidence().with(evidence);
    }
}

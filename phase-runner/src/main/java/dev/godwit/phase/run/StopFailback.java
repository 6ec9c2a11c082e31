package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import java.util.List;

/** Step 12. After this there is no way back. */
final class StopFailback extends Step {
    /** Noted when failback begins to be removed: from then on there is no way back. */
    static final String REMOVING = "removing";

    StopFailback(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.STOP_FAILBACK;
    }

    @Override
    List<String> plan() {
        return List.of(
                "wait for your word (weeks later): --confirm " + UserAction.STOP_FAILBACK.word(),
                "stop the applier, remove the feed of " + context.failback.domain()
                        + " and the topics of both directions: from then on there is no way back");
    }

    @Override
    Evidence run(Attempt attempt) throws Exception {
        context.confirm(UserAction.STOP_FAILBACK);
        attempt.note(REMOVING, true);
        context.failback.forget();
        context.forward.forget();
        context.putBackGcTtl();
        return attempt.evidence().with("removed", List.of(context.failback.domain(), context.forward.domain()));
    }
}

package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import java.util.List;
import java.util.Optional;

/** The way back once traffic may have been on the target: drain failback, prove that the source has everything, send the traffic there. */
final class Rollback extends Step {
    /** Noted when the traffic may begin to reach the source. */
    private static final String HANDING_OVER = "handing_over";

    Rollback(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.ROLLBACK;
    }

    @Override
    List<String> plan() {
        return List.of(
                "wait for you to " + UserAction.STOP_TARGET_TRAFFIC.request(),
                "drain failback, for at most " + Words.duration(context.file.drainTimeout()),
                "compare every row of the slice at rest",
                "tell you to " + UserAction.RETURN_TRAFFIC.request(),
                "remove the feed of " + context.failback.domain());
    }

    @Override
    Evidence run(Attempt attempt) throws Exception {
        if (attempt.evidence().isTrue(HANDING_OVER)) {
            // The traffic may be on the source already, so the two sides can no longer be compared.
            attempt.say("an earlier attempt has drained and compared; only the end is left");
        } else {
            drainAndCompare(attempt);
        }
        handOver(attempt);
        attempt.requireLease();
        context.failback.stopApplying();
        context.failback.remove();
        // Step 10 may have been interrupted while it did this.
        context.forward.remove();
        context.putBackGcTtl();
        return attempt.evidence();
    }

    private void drainAndCompare(Attempt attempt) throws Exception {
        context.failback.capture(attempt);
        context.failback.apply();
        context.confirm(UserAction.STOP_TARGET_TRAFFIC);
        attempt.say("draining failback");
        attempt.note(
                "drained",
                context.failback.roundTrip(context.file.drainTimeout()).entries());
        attempt.say("comparing both sides at rest");
        Comparison comparison = Comparison.run(context, attempt, Optional.empty());
        if (!comparison.isEqual()) {
            throw new PhaseFailedException(
                    "source and target differ although nothing should move: " + comparison.differences(),
                    "leave the traffic on the target, which has everything; was all traffic of the phase stopped?");
        }
        attempt.note("compared", comparison.evidence().entries());
    }

    private void handOver(Attempt attempt) throws Exception {
        attempt.note(HANDING_OVER, true);
        try {
            context.confirm(UserAction.RETURN_TRAFFIC);
        } catch (NotConfirmedException e) {
            attempt.note(HANDING_OVER, false);
            throw e;
        }
    }
}

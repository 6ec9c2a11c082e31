package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import java.util.List;
import java.util.Optional;

/** Step 9. Nothing moves any more, so any difference is final. */
final class VerifyAgain extends Step {
    VerifyAgain(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.VERIFY_AGAIN;
    }

    @Override
    List<String> plan() {
        return List.of("compare every row of the slice at rest; any difference fails the phase");
    }

    @Override
    Evidence run(Attempt attempt) {
        Comparison comparison = Comparison.run(context, attempt, Optional.empty());
        if (!comparison.isEqual()) {
            throw new PhaseFailedException(
                    "source and target differ although nothing should move: " + comparison.differences(),
                    "run godwit phase rollback, and send the traffic back to the source: nothing is lost there; was all traffic of"
                            + " the phase stopped?");
        }
        return comparison.evidence();
    }
}

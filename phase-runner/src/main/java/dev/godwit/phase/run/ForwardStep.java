package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Step 6. Done when markers travel from the source to the target within the allowed lag, so that a drain will be short. */
final class ForwardStep extends Step {
    private final Supplier<StepRecord> load;

    ForwardStep(PhaseContext context, Supplier<StepRecord> load) {
        super(context);
        this.load = load;
    }

    @Override
    PhaseStep id() {
        return PhaseStep.FORWARD_REPLICATION;
    }

    @Override
    List<String> plan() {
        List<String> plan = new ArrayList<>(context.forward.plan());
        plan.add("wait until the target is less than " + Words.duration(context.file.lagMax()) + " behind");
        return plan;
    }

    @Override
    void check(StepRecord record) throws Exception {
        if (load.get().isDone()) {
            context.forward.check();
        } else {
            context.forward.checkBeforeLoad();
        }
    }

    @Override
    Evidence run(Attempt attempt) throws Exception {
        Evidence evidence = context.forward.capture(attempt);
        context.forward.apply();
        return evidence.with(CatchUp.within(context.forward, context.file, attempt));
    }
}

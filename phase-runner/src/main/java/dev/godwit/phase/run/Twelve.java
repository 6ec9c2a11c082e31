package dev.godwit.phase.run;

import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.util.List;
import java.util.function.Supplier;

/** The steps in their order. */
final class Twelve {
    private Twelve() {}

    /** @param load gives the latest record of the bulk load */
    static List<Step> of(PhaseContext context, Supplier<StepRecord> load) {
        return List.of(
                new PrepareSource(context),
                new PrepareTarget(context),
                new BulkLoad(context, context.slot, context.publication),
                new VerifyLoad(context, load),
                new FinalizeSchema(context),
                new ForwardStep(context, load),
                new UserStep(
                        context,
                        PhaseStep.STOP_TRAFFIC,
                        UserAction.STOP_TRAFFIC,
                        "wait for you to " + UserAction.STOP_TRAFFIC.request() + " (downtime begins): --confirm "
                                + UserAction.STOP_TRAFFIC.word()),
                new DrainForward(context),
                new VerifyAgain(context),
                new FailbackStep(context),
                new UserStep(
                        context,
                        PhaseStep.CUT_OVER,
                        UserAction.CUT_OVER,
                        "wait for you to " + UserAction.CUT_OVER.request() + " (downtime ends): --confirm "
                                + UserAction.CUT_OVER.word()),
                new StopFailback(context));
    }
}

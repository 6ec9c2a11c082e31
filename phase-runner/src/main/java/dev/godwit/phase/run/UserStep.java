package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import java.util.List;

/** A step that the user does; Godwit waits for the word that it is done. */
final class UserStep extends Step {
    private final PhaseStep id;
    private final UserAction action;
    private final List<String> plan;

    UserStep(PhaseContext context, PhaseStep id, UserAction action, String... plan) {
        super(context);
        this.id = id;
        this.action = action;
        this.plan = List.of(plan);
    }

    @Override
    PhaseStep id() {
        return id;
    }

    @Override
    List<String> plan() {
        return plan;
    }

    @Override
    Evidence run(Attempt attempt) throws InterruptedException {
        context.confirm(action);
        return Evidence.of("confirmed", action.word());
    }
}

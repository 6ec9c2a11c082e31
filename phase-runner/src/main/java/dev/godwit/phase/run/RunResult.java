package dev.godwit.phase.run;

import dev.godwit.phase.log.PhaseStep;
import java.util.Optional;

/**
 * How an orderly run ended.
 *
 * @param lastDone the last step that is done; empty if none is
 * @param waitingFor what the user has to do before the next step can be done; empty if the run came as far as it was to
 */
public record RunResult(Optional<PhaseStep> lastDone, Optional<UserAction> waitingFor) {}

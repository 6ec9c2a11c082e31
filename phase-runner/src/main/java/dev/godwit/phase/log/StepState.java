package dev.godwit.phase.log;

import java.util.Locale;

/** How far a step is. */
public enum StepState {
    /** Nothing of it has begun. */
    PLANNED,
    /** It has begun; if no runner is alive it was interrupted, and runs again from its beginning. */
    RUNNING,
    DONE,
    /** It gave up; its evidence says why. It runs again when the phase runs again. */
    FAILED;

    /** As it stands in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StepState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

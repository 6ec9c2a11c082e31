package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepLog;
import java.sql.SQLException;

/** One attempt at one step. Not thread-safe, except for what it says to the listener. */
final class Attempt {
    private final PhaseStep step;
    private final StepLog log;
    private final PhaseListener listener;
    private Evidence evidence;

    Attempt(PhaseStep step, StepLog log, PhaseListener listener, Evidence earlier) {
        this.step = step;
        this.log = log;
        this.listener = listener;
        this.evidence = earlier;
    }

    /** What this attempt and those before it have noted. */
    Evidence evidence() {
        return evidence;
    }

    /** Remembers something for attempts that may follow; durable when this returns. */
    void note(String key, Object value) throws SQLException {
        evidence = evidence.with(key, value);
        log.note(step, evidence);
    }

    void say(String message) {
        listener.said(step, message);
    }

    void progressed(String unit, long done, long total) {
        listener.progressed(step, unit, done, total);
    }

    /** Refuses to go on if another runner has taken over. For use before something that would disturb it. */
    void requireLease() throws SQLException {
        log.check();
    }
}

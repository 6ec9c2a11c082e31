package dev.godwit.phase.run;

import dev.godwit.apply.Drain.DrainTimeoutException;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.Evidence;
import java.time.Duration;

/** Waits until an applier that has work to catch up with has done so. However long that takes: a load of hours leaves hours of changes. */
final class CatchUp {
    private static final Duration ROUND_LEAST = Duration.ofSeconds(20);

    private CatchUp() {}

    /** @return the evidence of the first round that took less than the allowed lag */
    static Evidence within(Replication replication, PhaseFile file, Attempt attempt) throws Exception {
        Duration round = file.lagMax().compareTo(ROUND_LEAST) > 0 ? file.lagMax() : ROUND_LEAST;
        while (true) {
            try {
                Evidence evidence = replication.roundTrip(round);
                Duration lag = Duration.ofMillis(evidence.number(Evidences.LAG_MS));
                if (lag.compareTo(file.lagMax()) <= 0) {
                    return evidence;
                }
                attempt.say("behind by " + Words.duration(lag) + ", catching up");
            } catch (DrainTimeoutException e) {
                replication.requireCapturing();
                attempt.say("behind by more than " + Words.duration(round) + ", catching up"
                        + (file.apply().run() == PhaseFile.ApplierRun.EXTERNAL
                                ? "; is the applier of " + replication.domain() + " running? (apply.run is external)"
                                : ""));
            }
        }
    }
}

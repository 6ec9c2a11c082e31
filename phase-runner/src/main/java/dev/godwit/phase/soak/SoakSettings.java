package dev.godwit.phase.soak;

import dev.godwit.apply.ApplyMode;
import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.List;

/**
 * @param mode in which the applier works
 * @param duration of traffic and faults; starting, draining and comparing come on top
 * @param faultInterval between two faults, on average
 * @param faults to choose from
 * @param shuffled whether they are chosen at random by the seed, or come in order, each once
 * @param seed of the choices, the data and the traffic. How the processes meet is not in its power
 * @param transactionsPerSecond of the demo's traffic; the pairs of the reader come on top
 */
public record SoakSettings(
        ApplyMode mode,
        Duration duration,
        Duration faultInterval,
        List<Fault> faults,
        boolean shuffled,
        long seed,
        double transactionsPerSecond) {
    public SoakSettings {
        faults = List.copyOf(faults);
        if (duration.isNegative() || duration.isZero() || faultInterval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new RefusedException(
                    "a soak of " + duration.toSeconds() + " s with a fault every " + faultInterval.toSeconds()
                            + " s is not possible",
                    "use --minutes above 0 and --kill-every of at least 1");
        }
        if (faults.isEmpty()) {
            throw new RefusedException("there is no fault to choose from", "name some with --faults, or leave it out");
        }
    }
}

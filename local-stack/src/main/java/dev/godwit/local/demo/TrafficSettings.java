package dev.godwit.local.demo;

import dev.godwit.database.RefusedException;

/**
 * How much traffic, and which.
 *
 * @param transactionsPerSecond in total over all regions, while all are open
 * @param writers threads; each holds at most one connection to each side
 * @param seed of the choices. What is written also depends on how the threads meet: it is not the same from run to run.
 */
public record TrafficSettings(double transactionsPerSecond, int writers, long seed) {

    /** @throws RefusedException if a number is out of range */
    public TrafficSettings {
        if (!(transactionsPerSecond >= 0.01 && transactionsPerSecond <= 100_000)) {
            throw new RefusedException(
                    "a traffic of " + transactionsPerSecond + " transactions per second cannot be made",
                    "use a rate from 0.01 to 100000, 60 for example");
        }
        if (writers < 1 || writers > 64) {
            throw new RefusedException("the traffic cannot have " + writers + " writers", "use 1 to 64");
        }
    }

    /** 60 transactions per second from four writers. */
    public static TrafficSettings defaults() {
        return new TrafficSettings(60, 4, 1);
    }

    public TrafficSettings withRate(double rate) {
        return new TrafficSettings(rate, writers, seed);
    }
}

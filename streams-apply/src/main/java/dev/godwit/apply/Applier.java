package dev.godwit.apply;

import dev.godwit.apply.streams.ApplyStreams;
import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.Optional;

/**
 * A running applier of one phase and direction. {@link #start} returns when it has been started; it then works in
 * threads of its own until {@link #close()}, or until it fails.
 *
 * <p>Several may run for one domain, in any number of processes: Kafka gives the work to one of them, the ledger's
 * epoch keeps the others from writing. Thread-safe.
 */
public final class Applier implements AutoCloseable {
    private final ApplyStreams streams;
    private final ApplyStatistics statistics;

    private Applier(ApplyStreams streams, ApplyStatistics statistics) {
        this.streams = streams;
        this.statistics = statistics;
    }

    /**
     * Checks both databases and the topics, then starts.
     *
     * @throws RefusedException if a database, the broker, a topic or a table is not there or does not fit; nothing
     *     has been written then
     */
    public static Applier start(ApplyConfig config) {
        ApplyStatistics statistics = new ApplyStatistics();
        return new Applier(ApplyStreams.start(config, statistics), statistics);
    }

    public ApplyStatistics statistics() {
        return statistics;
    }

    /** Why it has stopped by itself; empty while it runs, and after {@link #close()}. */
    public Optional<Throwable> failure() {
        return streams.failure();
    }

    /**
     * Waits until it stops by itself or is closed.
     *
     * @return false if the time is over and it still runs
     */
    public boolean awaitStopped(Duration timeMax) throws InterruptedException {
        return streams.awaitStopped(timeMax);
    }

    /**
     * Finishes what is being written, leaves the rest to the next owner, and ends all threads. Bounded by about 20
     * seconds.
     */
    @Override
    public void close() {
        streams.close();
    }
}

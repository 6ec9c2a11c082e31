package dev.godwit.phase.run;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.Health;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.service.ApplyMetrics;
import java.time.Duration;
import java.util.Optional;

/**
 * The applier of one direction of a phase, as a service of its own: what {@code apply.run: external} means. Any number may run for one direction, in any number of
 * processes; one of them works, the others wait to take over.
 */
public final class PhaseApplier implements AutoCloseable {
    private final PhaseDirection phase;
    private final EmbeddedApplier applier;

    private PhaseApplier(PhaseDirection phase, EmbeddedApplier applier) {
        this.phase = phase;
        this.applier = applier;
    }

    /**
     * Starts it; returns when it has been started.
     *
     * @throws dev.godwit.database.RefusedException if a database, the broker, a topic or a table is not there or does not fit
     */
    public static PhaseApplier start(PhaseFile file, Direction direction) throws Exception {
        AppliedReplication replication = replication(file, direction);
        return new PhaseApplier(replication.phase, replication.newApplier());
    }

    /**
     * Writes a marker on the replication source and waits until everything before it is applied, whoever runs the applier.
     *
     * @throws dev.godwit.apply.Drain.DrainTimeoutException if it has not come through in time; nothing is lost
     */
    public static Drained drain(PhaseFile file, Direction direction, Duration timeMax) {
        AppliedReplication replication = replication(file, direction);
        return new Drain(replication.replicationSource, replication.replicationTarget, replication.domain())
                .run(timeMax, Optional::empty);
    }

    private static AppliedReplication replication(PhaseFile file, Direction direction) {
        Database source = Database.connect("source", file.source().url());
        Database target = Database.connect("target", file.target());
        return switch (direction) {
            case FORWARD -> new ForwardReplication(file, source, target);
            case FAILBACK ->
                new FailbackReplication(file, source, target, (database, phase, captured) -> new FeedOfTheUser());
        };
    }

    public String domain() {
        return phase.domain();
    }

    /** Asks the target, and so may take some seconds. */
    public Health health() {
        return applier.applier().health();
    }

    /** Metrics of this applier, to be asked as long as it lives. */
    public ApplyMetrics metrics() {
        return new ApplyMetrics(
                phase, applier.statistics(), () -> applier.applier().consumerLag());
    }

    public ApplyStatistics statistics() {
        return applier.statistics();
    }

    /** Why it has stopped by itself; empty while it runs. */
    public Optional<Throwable> failure() {
        return applier.failure();
    }

    /** Finishes what is being written and leaves the rest to the next one. Bounded by about 20 seconds. */
    @Override
    public void close() {
        applier.close();
    }
}

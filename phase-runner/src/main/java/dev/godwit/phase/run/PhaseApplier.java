package dev.godwit.phase.run;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.DeadLetters;
import dev.godwit.apply.DomainStatus;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.Health;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.service.ApplyMetrics;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The applier of one direction of a phase, as a service of its own: what {@code apply.run: external} means. Any number may run for one direction, in any number of
 * processes; one of them works, the others wait to take over.
 */
public final class PhaseApplier implements AutoCloseable {
    /** Only Kafka Streams uses it, which runs in appliers alone. */
    private static final Path NO_STATE = Path.of(System.getProperty("java.io.tmpdir"));

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
        return drain(file, direction, timeMax, Optional::empty);
    }

    /** @param watch is told what it waits for */
    public static Drained drain(PhaseFile file, Direction direction, Duration timeMax, Drain.Watch watch) {
        AppliedReplication replication = replication(file, direction);
        return new Drain(replication.replicationSource, replication.replicationTarget, replication.domain())
                .run(timeMax, watch);
    }

    /**
     * @param domain of the direction
     * @param mode empty if no applier has begun
     * @param domains its ordering domains, as far as they have begun
     */
    public record Status(String domain, Optional<ApplyMode> mode, List<DomainStatus> domains) {}

    /** What the ledger says, whoever runs the applier. */
    public static Status status(PhaseFile file, Direction direction) {
        AppliedReplication replication = replication(file, direction);
        return new Status(
                replication.domain(),
                DomainStatus.mode(replication.replicationTarget, replication.domain()),
                DomainStatus.all(replication.replicationTarget, replication.domain()));
    }

    /** All changes that were put aside, replayed ones too, by ordering domain in the order of their transactions. */
    public static List<DeadLetter> deadLetters(PhaseFile file, Direction direction) {
        AppliedReplication replication = replication(file, direction);
        return DeadLetters.list(replication.replicationTarget, replication.domain());
    }

    /** What {@link #replayDeadLetters} would apply now. */
    public static Map<String, Map<Position, List<DeadLetter>>> deadLetterPlan(PhaseFile file, Direction direction)
            throws SQLException {
        return DeadLetters.plan(replication(file, direction).appliedConfig(NO_STATE));
    }

    /**
     * Applies what was put aside, in the order of its transactions, each once.
     *
     * @throws dev.godwit.apply.ApplyException if it cannot go on; what was replayed stays replayed
     */
    public static void replayDeadLetters(PhaseFile file, Direction direction, DeadLetterReplay.Listener listener)
            throws SQLException {
        DeadLetters.replay(replication(file, direction).appliedConfig(NO_STATE), listener);
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
        return new ApplyMetrics(phase, statistics(), domain -> applier.applier().consumerLag(domain));
    }

    /** By ordering domain. */
    public Map<String, ApplyStatistics> statistics() {
        return applier.applier().statisticsByDomain();
    }

    public ApplyCounts counts() {
        return applier.counts();
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

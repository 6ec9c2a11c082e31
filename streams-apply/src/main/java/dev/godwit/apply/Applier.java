package dev.godwit.apply;

import dev.godwit.apply.streams.ApplyDomains;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;

/**
 * A running applier of one phase and direction, with all its ordering domains. {@link #start} returns when it has been started; it then works in
 * threads of its own until {@link #close()}, or until it fails.
 *
 * <p>Several may run for one direction, in any number of processes: Kafka gives each domain to one of them, the ledger's
 * epoch keeps the others from writing. Thread-safe.
 */
public final class Applier implements AutoCloseable {
    /** A target that takes longer to answer is as good as down. */
    private static final int TARGET_ANSWERS_WITHIN_SECONDS = 5;

    private final ApplyDomains domains;
    private final Database replicationTarget;

    private Applier(ApplyDomains domains, Database replicationTarget) {
        this.domains = domains;
        this.replicationTarget = replicationTarget;
    }

    /**
     * Checks both databases and the topics, then starts.
     *
     * @param config of a direction
     * @throws RefusedException if a database, the broker, a topic or a table is not there or does not fit, or if the direction
     *     has been applied in another mode and cannot go on in this one; nothing has been written then
     */
    public static Applier start(ApplyConfig config) {
        return new Applier(ApplyDomains.start(config), config.replicationTarget());
    }

    /** Of a direction that is one ordering domain. */
    public ApplyStatistics statistics() {
        if (domains.statistics().size() != 1) {
            throw new IllegalStateException(
                    "several domains: " + domains.statistics().keySet());
        }
        return domains.statistics().values().iterator().next();
    }

    /** By the name of the ordering domain. Those that another instance works for are there too, and stand still. */
    public Map<String, ApplyStatistics> statisticsByDomain() {
        return Collections.unmodifiableMap(domains.statistics());
    }

    /** Asks the target, and so may take some seconds. */
    public Health health() {
        Optional<Throwable> failure = domains.failure();
        if (failure.isPresent()) {
            return Health.failed(failure.get());
        }
        if (!domains.takesPart()) {
            return Health.notReady("not yet, or not any more, a member of the consumer group");
        }
        Properties bounds = new Properties();
        String seconds = Integer.toString(TARGET_ANSWERS_WITHIN_SECONDS);
        for (String bound : List.of("connectTimeout", "loginTimeout", "socketTimeout")) {
            bounds.put(bound, seconds);
        }
        try (Connection connection = replicationTarget.open(bounds)) {
            if (!connection.isValid(TARGET_ANSWERS_WITHIN_SECONDS)) {
                return Health.notReady("the target does not answer");
            }
        } catch (SQLException e) {
            return Health.notReady("the target cannot be reached (SQLSTATE " + e.getSQLState() + ")");
        }
        boolean applies = domains.statistics().values().stream()
                .anyMatch(statistics -> statistics.laneUse().lanes() > 0);
        return Health.ready(applies ? "applying" : "waiting to take over");
    }

    /**
     * How many records each input partition of a domain holds that a new owner would have to read: those not applied yet, and
     * those that belong to no transaction of this domain but come after one of them. Empty before the first step of the
     * consistent point in this process.
     *
     * @throws ApplyException if Kafka does not answer
     */
    public Map<TopicPartition, Long> consumerLag(String domain) {
        Map<TopicPartition, Long> lag = new HashMap<>();
        domains.statistics().get(domain).progress().ifPresent(progress -> domains.ends(domain)
                .forEach((partition, end) -> {
                    long restart = progress.restartOffsets().getOrDefault(partition, 0L);
                    lag.put(partition, Math.max(0, end - restart));
                }));
        return lag;
    }

    /** Why it has stopped by itself; empty while it runs, and after {@link #close()}. */
    public Optional<Throwable> failure() {
        return domains.failure();
    }

    /**
     * Waits until it stops by itself or is closed.
     *
     * @return false if the time is over and it still runs
     */
    public boolean awaitStopped(Duration timeMax) throws InterruptedException {
        return domains.awaitStopped(timeMax);
    }

    /**
     * Finishes what is being written, leaves the rest to the next owner, and ends all threads. Bounded by about 20
     * seconds.
     */
    @Override
    public void close() {
        domains.close();
    }
}

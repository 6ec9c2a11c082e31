package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.deadletter.DeadLetterTopic;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * The Kafka Streams application around the {@link TaskPipeline}s: all topics go into one processor, so that the partitions of
 * one number are one task.
 */
final class ApplyStreams implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    private final String domain;
    private final KafkaStreams streams;
    private final Admin admin;
    private final Map<String, StartCheck> domains;
    private final LiveTables tables;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private CapturePoll poll;

    /** @param domains the offsets of each of its ordering domains */
    private ApplyStreams(
            String name, KafkaStreams streams, Admin admin, Map<String, StartCheck> domains, LiveTables tables) {
        this.domain = name;
        this.tables = tables;
        this.streams = streams;
        this.admin = admin;
        this.domains = domains;
    }

    /**
     * Checks what Kafka and the ledger have of this domain. Nothing is read or written before {@link #begin}.
     *
     * @param config of the domain
     * @throws RefusedException if records that are needed would not be delivered
     */
    static ApplyStreams prepare(ApplyConfig config, Tables read, ApplyStatistics statistics) {
        List<String> topics = InputTopics.of(config);
        LiveTables tables = new LiveTables(config, read);
        Admin admin = InputTopics.connect(config);
        try {
            PersistedOffsets persisted = new PersistedOffsets();
            StartCheck startCheck = new StartCheck(
                    admin,
                    config.domain(),
                    topics.stream().map(topic -> new TopicPartition(topic, 0)).toList());
            requireRecords(config, config.domain(), startCheck);
            if (config.errors().badRows() != BadRows.STOP) {
                new DeadLetterTopic(config.domain(), InputTopics.clientSettings(config)).create(admin);
            }
            TaskPipeline.Opener opener =
                    task -> Pipeline.open(config, tables.forNewOwner(), statistics, persisted, startCheck);
            return new ApplyStreams(
                    config.domain(),
                    streams(config, topics, persisted, opener, 1),
                    admin,
                    Map.of(config.domain(), startCheck),
                    tables);
        } catch (KafkaException | ApplyException e) {
            admin.close(Duration.ofSeconds(1));
            throw InputTopics.unusable(config, e);
        } catch (RuntimeException e) {
            admin.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    /**
     * The same for a direction in which each partition is a domain.
     *
     * @param statistics by the names of the domains
     */
    static ApplyStreams prepare(
            ApplyConfig config, Tables read, int partitions, Map<String, ApplyStatistics> statistics) {
        List<String> topics = InputTopics.of(config);
        LiveTables tables = new LiveTables(config, read);
        Admin admin = InputTopics.connect(config);
        try {
            Map<String, StartCheck> checks = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                int partition = i;
                String name = DomainNames.partition(config.domain(), partition, partitions);
                StartCheck check = new StartCheck(
                        admin,
                        config.domain(),
                        topics.stream()
                                .map(topic -> new TopicPartition(topic, partition))
                                .toList());
                requireRecords(config, name, check);
                checks.put(name, check);
            }
            PersistedOffsets persisted = new PersistedOffsets();
            CapturePoll poll = new CapturePoll(config.domain(), config.captured(), () -> {
                Map<TopicPartition, Long> ends = new HashMap<>();
                checks.values().forEach(check -> ends.putAll(check.committedEnds()));
                return ends;
            });
            PartitionPipeline.Shared shared =
                    new PartitionPipeline.Shared(config, tables::forNewOwner, partitions, persisted, poll::latest);
            TaskPipeline.Opener opener = task -> {
                String name = DomainNames.partition(config.domain(), task, partitions);
                return PartitionPipeline.open(shared, name, checks.get(name), statistics.get(name));
            };
            ApplyStreams apply = new ApplyStreams(
                    config.domain(), streams(config, topics, persisted, opener, partitions), admin, checks, tables);
            apply.poll = poll;
            return apply;
        } catch (KafkaException | ApplyException e) {
            admin.close(Duration.ofSeconds(1));
            throw InputTopics.unusable(config, e);
        } catch (RuntimeException e) {
            admin.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    private static KafkaStreams streams(
            ApplyConfig config,
            List<String> topics,
            PersistedOffsets persisted,
            TaskPipeline.Opener opener,
            int tasks) {
        Topology topology = new Topology();
        topology.addSource(
                "records", new ByteArrayDeserializer(), RecordChunk.deserializer(), topics.toArray(String[]::new));
        topology.addProcessor("apply", () -> new ApplyProcessor(opener), "records");
        return new KafkaStreams(topology, StreamsSettings.of(config, tasks), new RestartOffsetClients(persisted));
    }

    /** Called once. */
    void begin() {
        streams.setUncaughtExceptionHandler(thrown -> {
            Throwable why = tables.after(rootOf(thrown));
            if (why == null) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            OperatorLog.LOG.error("{}: has failed and stops: {}", domain, why.getMessage());
            failure.compareAndSet(null, why);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                stopped.countDown();
            }
        });
        streams.start();
        OperatorLog.LOG.info("{}: started", domain);
    }

    /** Kafka Streams wraps what a processor throws, sometimes twice. */
    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof StreamsException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** As {@link StartCheck} does again when the work begins; here so that a start that cannot succeed is refused. */
    private static void requireRecords(ApplyConfig config, String domain, StartCheck startCheck) {
        StartCheck.Kept kept = startCheck.read();
        try (Connection connection = config.replicationTarget().open()) {
            Map<TopicPartition, Long> restartOffsets = new Ledger(domain).restartOffsets(connection);
            startCheck.check(kept, restartOffsets);
            startCheck.begin(kept, restartOffsets);
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the ledger of the " + config.replicationTarget() + ": " + e.getMessage(),
                    "check that the user may use the schema _godwit",
                    e);
        }
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    boolean awaitStopped(Duration timeMax) throws InterruptedException {
        return stopped.await(timeMax.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Whether it is a member of its group that can be given work, or has it. */
    boolean takesPart() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING;
    }

    /** Where each input partition of the domain ends now; null if it is not in here. */
    Map<TopicPartition, Long> ends(String name) {
        StartCheck check = domains.get(name);
        return check == null ? null : check.ends();
    }

    @Override
    public void close() {
        // By default a closed member keeps its place until the session times out, and the next owner waits for that: in
        // the middle of a
        // downtime, if the applier moves from one process to another then.
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_MAX));
        if (poll != null) {
            poll.close();
        }
        admin.close(Duration.ofSeconds(2));
        stopped.countDown();
        OperatorLog.LOG.info("{}: stopped", domain);
    }
}

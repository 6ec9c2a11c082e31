package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.deadletter.DeadLetterTopic;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.registry.HttpSchemaRegistry;
import dev.godwit.apply.registry.RegistrySettings;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * The Kafka Streams application around the {@link Pipeline}: all topics of a domain go into one processor, so that
 * they are one task.
 */
public final class ApplyStreams implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    private final String domain;
    private final KafkaStreams streams;
    private final Admin admin;
    private final StartCheck offsets;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private ApplyStreams(String domain, KafkaStreams streams, Admin admin, StartCheck offsets) {
        this.domain = domain;
        this.streams = streams;
        this.admin = admin;
        this.offsets = offsets;
    }

    /** See {@link dev.godwit.apply.Applier#start}. */
    public static ApplyStreams start(ApplyConfig config, ApplyStatistics statistics) {
        Tables tables = Tables.read(config);
        RegistrySettings.of(config.kafkaProperties())
                .map(HttpSchemaRegistry::new)
                .ifPresent(HttpSchemaRegistry::check);
        List<String> topics = new ArrayList<>(config.topics().keySet());
        config.transactionTopic().ifPresent(topics::add);
        Admin admin = InputTopics.connect(config);
        try {
            InputTopics.require(config, admin, topics);
            PersistedOffsets persisted = new PersistedOffsets();
            StartCheck startCheck = new StartCheck(
                    admin,
                    config.domain(),
                    topics.stream().map(topic -> new TopicPartition(topic, 0)).toList());
            requireRecords(config, startCheck);
            if (config.errors().badRows() != BadRows.STOP) {
                new DeadLetterTopic(config.domain(), InputTopics.clientSettings(config)).create(admin);
            }
            Topology topology = new Topology();
            topology.addSource("records", topics.toArray(String[]::new));
            topology.addProcessor(
                    "apply",
                    () -> new ApplyProcessor(() -> Pipeline.open(config, tables, statistics, persisted, startCheck)),
                    "records");
            KafkaStreams streams =
                    new KafkaStreams(topology, StreamsSettings.of(config), new RestartOffsetClients(persisted));
            ApplyStreams apply = new ApplyStreams(config.domain(), streams, admin, startCheck);
            apply.begin();
            return apply;
        } catch (KafkaException | ApplyException e) {
            admin.close(Duration.ofSeconds(1));
            throw InputTopics.unusable(config, e);
        } catch (RuntimeException e) {
            admin.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    private void begin() {
        streams.setUncaughtExceptionHandler(thrown -> {
            OperatorLog.LOG.error(
                    "{}: has failed and stops: {}", domain, rootOf(thrown).getMessage());
            failure.compareAndSet(null, rootOf(thrown));
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
    private static void requireRecords(ApplyConfig config, StartCheck startCheck) {
        StartCheck.Kept kept = startCheck.read();
        try (Connection connection = config.replicationTarget().open()) {
            startCheck.check(kept, new Ledger(config.domain()).restartOffsets(connection));
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the ledger of the " + config.replicationTarget() + ": " + e.getMessage(),
                    "check that the user may use the schema _godwit",
                    e);
        }
    }

    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    public boolean awaitStopped(Duration timeMax) throws InterruptedException {
        return stopped.await(timeMax.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it is a member of its group that can be given work, or has it. */
    public boolean takesPart() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING;
    }

    /** Where each input partition ends now. @throws ApplyException if Kafka does not answer */
    public Map<TopicPartition, Long> ends() {
        return offsets.ends();
    }

    @Override
    public void close() {
        // By default a closed member keeps its place until the session times out, and the next owner waits for that: in
        // the middle of a
        // downtime, if the applier moves from one process to another then.
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_MAX));
        admin.close(Duration.ofSeconds(2));
        stopped.countDown();
        OperatorLog.LOG.info("{}: stopped", domain);
    }
}

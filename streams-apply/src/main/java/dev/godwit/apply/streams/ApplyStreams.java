package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * The Kafka Streams application around the {@link Pipeline}: all topics of a domain go into one processor, so that
 * they are one task.
 */
public final class ApplyStreams implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final Admin admin;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private ApplyStreams(KafkaStreams streams, Admin admin) {
        this.streams = streams;
        this.admin = admin;
    }

    /** See {@link dev.godwit.apply.Applier#start}. */
    public static ApplyStreams start(ApplyConfig config, ApplyStatistics statistics) {
        Tables tables = Tables.read(config);
        List<String> topics = new ArrayList<>(config.topics().keySet());
        config.transactionTopic().ifPresent(topics::add);
        Admin admin = Admin.create(adminSettings(config));
        try {
            requireTopics(config, admin, topics);
            PersistedOffsets persisted = new PersistedOffsets();
            StartCheck startCheck = new StartCheck(
                    admin,
                    config.domain(),
                    topics.stream().map(topic -> new TopicPartition(topic, 0)).toList());
            Topology topology = new Topology();
            topology.addSource("records", topics.toArray(String[]::new));
            topology.addProcessor(
                    "apply",
                    () -> new ApplyProcessor(() -> Pipeline.open(config, tables, statistics, persisted, startCheck)),
                    "records");
            KafkaStreams streams =
                    new KafkaStreams(topology, StreamsSettings.of(config), new RestartOffsetClients(persisted));
            ApplyStreams apply = new ApplyStreams(streams, admin);
            apply.begin();
            return apply;
        } catch (RuntimeException e) {
            admin.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    private void begin() {
        streams.setUncaughtExceptionHandler(thrown -> {
            failure.compareAndSet(null, rootOf(thrown));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                stopped.countDown();
            }
        });
        streams.start();
    }

    /** Kafka Streams wraps what a processor throws, sometimes twice. */
    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof org.apache.kafka.streams.errors.StreamsException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Map<String, Object> adminSettings(ApplyConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafkaProperties());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return settings;
    }

    private static void requireTopics(ApplyConfig config, Admin admin, List<String> topics) {
        try {
            Map<String, TopicDescription> found =
                    admin.describeTopics(topics).allTopicNames().get(15, TimeUnit.SECONDS);
            for (TopicDescription topic : found.values()) {
                if (topic.partitions().size() != 1) {
                    throw new RefusedException(
                            "topic " + topic.name() + " has "
                                    + topic.partitions().size()
                                    + " partitions; in consistent mode a topic has one, for order holds only within a partition",
                            "delete the topic and run: godwit connectors deploy");
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new RefusedException(
                        "Kafka at " + config.bootstrapServers() + " lacks a topic of " + config.domain() + ": "
                                + e.getCause().getMessage(),
                        "create the topics first: godwit connectors deploy",
                        e);
            }
            throw unreachable(config, e);
        } catch (TimeoutException e) {
            throw unreachable(config, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(config, e);
        }
    }

    private static RefusedException unreachable(ApplyConfig config, Exception e) {
        return new RefusedException(
                "cannot use Kafka at " + config.bootstrapServers() + ": "
                        + (e.getMessage() == null ? "no answer" : e.getMessage()),
                "check kafka.bootstrap-servers, and that the broker runs",
                e);
    }

    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    public boolean awaitStopped(Duration timeMax) throws InterruptedException {
        return stopped.await(timeMax.toMillis(), TimeUnit.MILLISECONDS);
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
    }
}

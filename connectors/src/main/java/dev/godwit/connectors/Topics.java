package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes, checks and removes topics. Holds a connection to the broker; the caller closes it. Thread-safe.
 *
 * <p>Every call is bounded to about ten seconds, or to the client setting {@code default.api.timeout.ms}, and throws {@link RefusedException} if
 * the broker does not answer.
 */
public final class Topics implements AutoCloseable {
    private static final int ANSWERS_WITHIN_MS = 10_000;
    private static final String CHECK_BROKER =
            "check --bootstrap-servers, and that the broker runs and lets this machine in";

    private final String bootstrapServers;
    private final Admin admin;
    private final int answersWithinMs;

    private Topics(String bootstrapServers, Admin admin, int answersWithinMs) {
        this.bootstrapServers = bootstrapServers;
        this.admin = admin;
        this.answersWithinMs = answersWithinMs;
    }

    /**
     * Does not connect yet.
     *
     * @param clientSettings Kafka client settings beside the servers, for example {@code security.protocol}
     * @throws RefusedException if the servers cannot be understood or their names not be resolved
     */
    public static Topics on(String bootstrapServers, Map<String, String> clientSettings) {
        int answersWithinMs = answersWithinMs(clientSettings);
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, answersWithinMs / 2);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answersWithinMs);
        try {
            return new Topics(bootstrapServers, Admin.create(settings), answersWithinMs);
        } catch (org.apache.kafka.common.KafkaException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new RefusedException(
                    "cannot use the Kafka servers \"" + bootstrapServers + "\": " + reason, CHECK_BROKER, e);
        }
    }

    private static int answersWithinMs(Map<String, String> clientSettings) {
        String value = clientSettings.get(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        try {
            return value == null ? ANSWERS_WITHIN_MS : Integer.parseUnsignedInt(value.strip());
        } catch (NumberFormatException e) {
            throw new RefusedException(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG + " is \"" + value + "\"",
                    "give it as a number of milliseconds",
                    e);
        }
    }

    /**
     * Refuses what is there and does not fit; creates nothing.
     *
     * @return which of the topics are there
     */
    public Set<String> check(Collection<String> topics, TopicSettings settings) {
        Map<String, TopicDescription> descriptions = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> answer(
                        "look at topic " + topic, future, true)
                .ifPresent(description -> descriptions.put(topic, description)));
        List<ConfigResource> resources = descriptions.keySet().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<ConfigResource, Config> configs =
                answer("read topic settings", admin.describeConfigs(resources).all());
        configs.forEach((resource, config) -> TopicCheck.check(
                resource.name(), descriptions.get(resource.name()).partitions().size(), config, settings));
        return Set.copyOf(descriptions.keySet());
    }

    /**
     * Creates the topics that are missing, with the broker's default replication factor; they can be seen on return. May run any number of times.
     *
     * @return which topics were created now
     * @throws RefusedException if one is there and does not fit, before any is created
     */
    public Set<String> create(Collection<String> topics, TopicSettings settings) {
        Set<String> missing = new TreeSet<>(topics);
        missing.removeAll(check(topics, settings));
        Set<String> created = new HashSet<>();
        List<NewTopic> newTopics = missing.stream()
                .map(topic -> new NewTopic(topic, Optional.of(settings.partitions()), Optional.empty())
                        .configs(settings.configs()))
                .toList();
        admin.createTopics(newTopics).values().forEach((topic, future) -> {
            try {
                answer("create topic " + topic, future);
                created.add(topic);
            } catch (RefusedException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        });
        if (created.size() < missing.size()) { // somebody else was quicker with some
            check(topics, settings);
        }
        awaitSeen(names -> names.containsAll(created));
        return created;
    }

    /** Which of the topics are there and have ever had a message. */
    public Set<String> used(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> answer(
                        "look at topic " + topic, future, true)
                .ifPresent(description -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())))));
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                answer("read end offsets", admin.listOffsets(latest).all());
        Set<String> used = new TreeSet<>();
        ends.forEach((partition, end) -> {
            if (end.offset() > 0) {
                used.add(partition.topic());
            }
        });
        return used;
    }

    /** Removes those that are there, with all messages; nobody sees them any more on return. */
    public void delete(Collection<String> topics) {
        admin.deleteTopics(topics)
                .topicNameValues()
                .forEach((topic, future) -> answer("delete topic " + topic, future, true));
        awaitSeen(names -> Collections.disjoint(names, topics));
    }

    /**
     * A broker answers before it lets everybody see what has changed: who looks next might find a topic that goes, or not find
     * one that is new.
     */
    private void awaitSeen(Predicate<Set<String>> condition) {
        Pause.until(
                () -> condition.test(answer("list topics", admin.listTopics().names())),
                Duration.ofMillis(answersWithinMs));
    }

    private <T> T answer(String attempt, KafkaFuture<T> future) {
        return answer(attempt, future, false).orElse(null);
    }

    private <T> Optional<T> answer(String attempt, KafkaFuture<T> future, boolean mayBeAbsent) {
        try {
            return Optional.ofNullable(future.get(answersWithinMs + 1_000L, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (mayBeAbsent && cause instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            if (cause instanceof RetriableException) { // a time-out, most often
                throw unreachable(cause);
            }
            throw new RefusedException(
                    "Kafka at " + bootstrapServers + " does not let Godwit " + attempt + ": " + cause.getMessage(),
                    "mend the cause that the broker names, then try again",
                    cause);
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted on the way to " + attempt, e);
        }
    }

    private RefusedException unreachable(Throwable cause) {
        return new RefusedException("cannot reach Kafka at " + bootstrapServers, CHECK_BROKER, cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}

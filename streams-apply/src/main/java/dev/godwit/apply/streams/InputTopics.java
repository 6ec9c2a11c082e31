package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the broker answers and the topics of a domain are there, as they must be in consistent mode. */
final class InputTopics {
    private static final String ANSWERS_WITHIN_MS = "10000";

    private InputTopics() {}

    /** All that a domain reads. In mode immediate nobody waits for the end of a transaction. */
    static List<String> of(ApplyConfig config) {
        List<String> topics = new ArrayList<>(config.topics().keySet());
        if (config.mode() != ApplyMode.IMMEDIATE) {
            config.transactionTopic().ifPresent(topics::add);
        }
        return topics;
    }

    /** @param partitions of each topic */
    static List<TopicPartition> partitions(ApplyConfig config, int partitions) {
        return of(config).stream()
                .flatMap(topic ->
                        IntStream.range(0, partitions).mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
    }

    /** What every client of the broker needs. */
    static Map<String, Object> clientSettings(ApplyConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafkaProperties());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return settings;
    }

    /** The caller closes it. Does not wait for an answer. */
    static Admin connect(ApplyConfig config) {
        try {
            return Admin.create(clientSettings(config));
        } catch (KafkaException e) {
            throw unusable(config, e.getCause() instanceof KafkaException cause ? cause : e);
        }
    }

    /**
     * @return how many partitions each of the topics has
     * @throws RefusedException if the broker does not answer, or a topic is missing or has an unfit number of partitions
     */
    static int require(ApplyConfig config, Admin admin, List<String> topics) {
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(topics).topicNameValues();
        long deadline = System.nanoTime() + answersWithin(config).toNanos();
        int all = 0;
        for (String topic : topics) {
            int partitions = partitions(config, topic, asked.get(topic), deadline);
            if (config.mode() != ApplyMode.IMMEDIATE && partitions != 1) {
                throw new RefusedException(
                        "topic " + topic + " has " + partitions + " partitions; in mode "
                                + config.mode().label() + " a topic has one, for order holds only within one",
                        "use mode immediate; or delete the topic and run: godwit connectors deploy");
            }
            if (all != 0 && partitions != all) {
                throw new RefusedException(
                        "topic " + topic + " has " + partitions + " partitions, and " + topics.get(0) + " has " + all
                                + "; all topics of a phase have the same number in mode immediate",
                        "start the phase over: godwit phase run --start-over");
            }
            all = partitions;
        }
        return all;
    }

    private static Duration answersWithin(ApplyConfig config) {
        return Duration.ofMillis(Long.parseLong(config.kafkaProperties()
                .getOrDefault(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWERS_WITHIN_MS)
                .strip()));
    }

    private static int partitions(
            ApplyConfig config, String topic, KafkaFuture<TopicDescription> description, long deadline) {
        try {
            return description
                    .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new RefusedException(
                        "Kafka at " + config.bootstrapServers() + " has no topic " + topic + " for " + config.domain(),
                        "create the topics first: godwit connectors deploy",
                        e);
            }
            throw unusable(config, e);
        } catch (TimeoutException e) {
            throw unusable(config, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable(config, e);
        }
    }

    static RefusedException unusable(ApplyConfig config, Exception e) {
        return new RefusedException(
                "cannot use Kafka at " + config.bootstrapServers() + ": "
                        + (e.getMessage() == null ? "no answer" : e.getMessage()),
                "check kafka.bootstrap-servers and the Kafka properties, and that the broker runs",
                e);
    }
}

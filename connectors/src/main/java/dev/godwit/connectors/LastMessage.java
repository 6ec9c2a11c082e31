package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The last message of a topic with one partition. */
final class LastMessage {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private LastMessage() {}

    /**
     * @return its value; empty if the topic holds no message that was committed
     * @throws RefusedException if the user may not read it, or the broker does not answer in about ten seconds
     */
    static Optional<String> of(String topic, ForwardSettings settings) {
        try {
            return read(topic, settings);
        } catch (KafkaException e) {
            throw new RefusedException(
                    "the last message of topic " + topic + " cannot be read: " + e.getMessage(),
                    "see that the broker answers, and that the user of the Kafka client may read this topic",
                    e);
        }
    }

    private static Optional<String> read(String topic, ForwardSettings settings) {
        Map<String, Object> consumer = new HashMap<>(settings.clientSettings());
        consumer.put("bootstrap.servers", settings.bootstrapServers());
        consumer.put("isolation.level", "read_committed");
        consumer.putIfAbsent("default.api.timeout.ms", Math.toIntExact(ANSWERS_WITHIN.toMillis()));
        TopicPartition partition = new TopicPartition(topic, 0);
        List<TopicPartition> partitions = List.of(partition);
        try (KafkaConsumer<String, String> reading =
                new KafkaConsumer<>(consumer, new StringDeserializer(), new StringDeserializer())) {
            reading.assign(partitions);
            long begin = reading.beginningOffsets(partitions).get(partition);
            long end = reading.endOffsets(partitions).get(partition);
            // Markers of Kafka's transactions have offsets, too, so the last message may be further back.
            for (long back = 2; ; back *= 8) {
                long from = Math.max(begin, end - back);
                Optional<String> last = lastFrom(reading, partition, from, end);
                if (last.isPresent() || from == begin) {
                    return last;
                }
            }
        }
    }

    private static Optional<String> lastFrom(
            KafkaConsumer<String, String> reading, TopicPartition partition, long from, long end) {
        Optional<String> last = Optional.empty();
        reading.seek(partition, from);
        long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
        while (reading.position(partition) < end) {
            for (ConsumerRecord<String, String> message : reading.poll(Duration.ofMillis(100))) {
                last = Optional.ofNullable(message.value());
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("topic " + partition.topic() + " was not read to its end in "
                        + ANSWERS_WITHIN.toSeconds() + " s");
            }
        }
        return last;
    }
}

package dev.godwit.local.changefeed;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes the messages of a feed to Kafka. One thread. */
final class FeedSink implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private final List<String> topics;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** @param topics all topics of the feed */
    FeedSink(String bootstrapServers, Collection<String> topics) {
        this.topics = List.copyOf(topics);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        // A row, twice for its old and new version, has to fit; the broker and the topic have their own
                        // limits.
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        64 << 20,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        80L << 20,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        15_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        10_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        30_000),
                new StringSerializer(),
                new StringSerializer());
    }

    void send(Collection<RowChange> changes, HlcTimestamp updated) {
        for (RowChange change : changes) {
            int partition = ChangefeedTopics.partition(change.key(), partitions(change.topic()));
            send(new ProducerRecord<>(change.topic(), partition, change.key(), change.value(updated)));
        }
    }

    /** Promises on every partition of every topic that nothing at or before {@code resolved} will follow. */
    void resolve(HlcTimestamp resolved) {
        String value = "{\"resolved\":\"" + resolved + "\"}";
        for (String topic : topics) {
            for (int partition = 0; partition < partitions(topic); partition++) {
                send(new ProducerRecord<>(topic, partition, null, value));
            }
        }
    }

    private int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told, and flush waits
    private void send(ProducerRecord<String, String> message) {
        producer.send(message, (metadata, exception) -> {
            if (exception != null) {
                failure.compareAndSet(null, exception);
            }
        });
    }

    /**
     * Returns when all that was sent is acknowledged by all replicas.
     *
     * @throws KafkaException if some of it was not, but may be the next time
     * @throws FeedFailedException if Kafka will never take some of it
     */
    void flush() {
        producer.flush();
        if (failure.get() != null) {
            String message = "Kafka did not take a message of the changefeed: "
                    + failure.get().getMessage();
            throw failure.get() instanceof RetriableException
                    ? new KafkaException(message, failure.get())
                    : new FeedFailedException(message, failure.get());
        }
    }

    /** What is not acknowledged yet is given up: it will be sent again from the log. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}

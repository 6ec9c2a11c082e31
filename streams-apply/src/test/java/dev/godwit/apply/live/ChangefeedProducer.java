package dev.godwit.apply.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes messages as a changefeed of CockroachDB does. Not thread-safe. */
final class ChangefeedProducer implements AutoCloseable {
    private final String prefix;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    ChangefeedProducer(String prefix, int partitions) {
        this.prefix = prefix;
        this.partitions = partitions;
        this.producer = new KafkaProducer<>(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        LiveServers.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** @param name null for a delete */
    void row(String table, int id, String name, long updated) {
        String after = name == null ? "null" : "{\"id\":" + id + ",\"name\":\"" + name + "\"}";
        send(
                "s." + table,
                id % partitions,
                "[" + id + "]",
                "{\"after\":" + after + ",\"before\":{\"id\":" + id + ",\"name\":\"before\"},\"key\":[" + id
                        + "],\"updated\":\"" + timestamp(updated) + "\"}");
    }

    /** The mark of a transaction that Godwit has written. */
    void echo(long updated) {
        send(
                "_godwit.applied",
                0,
                "[\"another\",\"1\"]",
                "{\"after\":{\"domain\":\"another\",\"last_position\":\"1\",\"positions\":\"1\",\"transactions\":1,"
                        + "\"rows_written\":1},\"before\":null,\"key\":[\"another\",\"1\"],\"updated\":\""
                        + timestamp(updated) + "\"}");
    }

    void watermark(String domain, String marker, long updated) {
        send(
                "_godwit.watermark",
                0,
                "[\"" + domain + "\"]",
                "{\"after\":{\"domain\":\"" + domain + "\",\"marker\":\"" + marker
                        + "\",\"written_at\":\"2026-01-01T00:00:00Z\"},\"before\":null,\"key\":[\"" + domain
                        + "\"],\"updated\":\"" + timestamp(updated) + "\"}");
    }

    /** To every partition of these topics. */
    void resolved(long timestamp, String... topics) {
        for (String topic : topics) {
            for (int partition = 0; partition < partitions; partition++) {
                send(topic, partition, null, "{\"resolved\":\"" + timestamp(timestamp) + "\"}");
            }
        }
        flush();
    }

    /** To every partition of all topics. */
    void resolved(long timestamp) {
        resolved(timestamp, "s.item", "s.other", "_godwit.applied", "_godwit.watermark");
    }

    private static String timestamp(long seconds) {
        return seconds + "000000000.0000000000";
    }

    private void send(String topic, int partition, String key, String value) {
        sent.add(producer.send(new ProducerRecord<>(prefix + "." + topic, partition, bytes(key), bytes(value))));
    }

    /** Everything sent so far is in Kafka afterwards. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> message : sent) {
            try {
                message.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        sent.clear();
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}

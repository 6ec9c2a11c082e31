package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Writes a marker row into {@code _godwit.watermark} and waits until it comes through Kafka: what a job that "runs" does not prove. */
public final class ArrivalProof {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String SQL = "INSERT INTO " + LedgerSchema.WATERMARK
            + " (domain, marker, written_at) VALUES (?, ?, now())"
            + " ON CONFLICT (domain) DO UPDATE SET marker = excluded.marker, written_at = excluded.written_at";

    private final Database database;
    private final String domain;
    private final String topic;
    private final Map<String, Object> consumer;

    /**
     * @param database where the changes come from
     * @param topic of {@code _godwit.watermark}
     * @param clientSettings Kafka client settings beside the servers
     */
    public ArrivalProof(
            Database database,
            PhaseDirection phase,
            String topic,
            String bootstrapServers,
            Map<String, String> clientSettings) {
        this.database = database;
        this.domain = phase.domain() + ":proof";
        this.topic = topic;
        this.consumer = new HashMap<>(clientSettings);
        consumer.put("bootstrap.servers", bootstrapServers);
        consumer.put("isolation.level", "read_committed");
    }

    /**
     * @return how long the marker took
     * @throws ConnectorFailedException if it has not come in time
     */
    public Duration run(Duration within) {
        String marker = "proof-" + UUID.randomUUID();
        try (KafkaConsumer<byte[], byte[]> reading =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reading.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            reading.assign(partitions);
            reading.seekToEnd(partitions);
            partitions.forEach(reading::position); // the end as it is now, not as it is at the first poll
            long started = System.nanoTime();
            write(marker);
            while (System.nanoTime() - started < within.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> message : reading.poll(POLL)) {
                    if (holds(message.value(), marker)) {
                        return Duration.ofNanos(System.nanoTime() - started);
                    }
                }
            }
        }
        throw new ConnectorFailedException(
                "a marker row written on the " + database + " has not come to topic " + topic + " within "
                        + within.toSeconds() + " s, whatever the state of the feed says",
                "look at godwit connectors status; check that the feed reaches these brokers, and that nobody else holds the topics");
    }

    /** In JSON and in Avro alike a text stands in the message as it is. */
    private static boolean holds(byte[] message, String marker) {
        return message != null && new String(message, StandardCharsets.ISO_8859_1).contains(marker);
    }

    private void write(String marker) {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, domain);
            statement.setString(2, marker);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new ConnectorFailedException(
                    "the marker row cannot be written on the " + database + ": " + e.getMessage(),
                    "check that _godwit is there (godwit phase run creates it) and may be written");
        }
    }
}

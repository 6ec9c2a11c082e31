package dev.godwit.local.changefeed;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.KafkaServer;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** One PostgreSQL and one broker for all tests of the feed; they end with the JVM. */
final class FeedFixture {
    static final PostgresServer POSTGRES = PostgresServer.start("feed");
    static final KafkaServer KAFKA = KafkaServer.start();
    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private FeedFixture() {}

    /** @param key null for resolved messages */
    record Message(String topic, int partition, String key, String value) {
        JsonNode json() {
            try {
                return JSON.readTree(value);
            } catch (IOException e) {
                throw new UncheckedIOException(value, e);
            }
        }

        HlcTimestamp updated() {
            return HlcTimestamp.parse(json().get("updated").textValue());
        }

        HlcTimestamp resolved() {
            return HlcTimestamp.parse(json().get("resolved").textValue());
        }

        boolean isResolved() {
            return key == null;
        }
    }

    static Database database(String name) {
        return Database.connect("target", POSTGRES.createDatabase(name));
    }

    /** Runs in one transaction. */
    static void transaction(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    static String query(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static List<TableName> tables(String... names) {
        return List.of(names).stream()
                .map(name -> new TableName("public", name))
                .toList();
    }

    /**
     * Everything in the topics up to now and on, until every partition has a resolved message later than any row.
     *
     * @param rowsMin reads on while there are fewer rows
     */
    static List<Message> read(List<String> topics, int rowsMin) {
        List<Message> messages = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!isComplete(messages, partitions, rowsMin)) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not resolved, or less than " + rowsMin + " rows: " + messages);
                }
                for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofMillis(100))) {
                    messages.add(new Message(message.topic(), message.partition(), message.key(), message.value()));
                }
            }
        }
        return messages;
    }

    private static boolean isComplete(List<Message> messages, List<TopicPartition> partitions, int rowsMin) {
        List<Message> rows =
                messages.stream().filter(message -> !message.isResolved()).toList();
        HlcTimestamp last =
                rows.stream().map(Message::updated).max(HlcTimestamp::compareTo).orElse(new HlcTimestamp(0, 0));
        return rows.size() >= rowsMin
                && partitions.stream().allMatch(partition -> messages.stream()
                        .anyMatch(message -> message.isResolved()
                                && message.topic().equals(partition.topic())
                                && message.partition() == partition.partition()
                                && message.resolved().compareTo(last) > 0));
    }

    static List<Message> rows(List<Message> messages) {
        return messages.stream().filter(message -> !message.isResolved()).toList();
    }
}

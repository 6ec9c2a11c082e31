package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestStack.class)
class LastMessageTest {
    private static final String TOPIC = "last-message";

    private static ForwardSettings settings(String servers) {
        return ForwardSettings.of(
                        new PhaseDirection("last", "message", Direction.FORWARD),
                        TestStack.database("last_message_" + Integer.toHexString(servers.hashCode())),
                        List.of(new TableName("public", "item")),
                        servers,
                        TestStack.connect().restUrl())
                .withClientSettings(Map.of("default.api.timeout.ms", "1000"));
    }

    @Test
    void whatWasAbortedAndWhatRetentionHasTakenDoesNotCount() throws Exception {
        ForwardSettings settings = settings(TestStack.bootstrapServers());
        try (Topics topics = Topics.on(TestStack.bootstrapServers(), Map.of())) {
            topics.create(List.of(TOPIC), TopicSettings.CONSISTENT);
            assertThat(LastMessage.of(TOPIC, settings)).isEmpty();
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", TestStack.bootstrapServers(), "transactional.id", TOPIC),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.initTransactions();
                send(producer, "first");
                producer.commitTransaction();
                send(producer, "second");
                producer.commitTransaction();
                for (int i = 0; i < 20; i++) {
                    send(producer, "aborted");
                    producer.abortTransaction();
                }
            }
            assertThat(LastMessage.of(TOPIC, settings)).contains("second");

            try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.bootstrapServers()))) {
                admin.deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(4)))
                        .all()
                        .get();
            }
            assertThat(LastMessage.of(TOPIC, settings)).isEmpty();
            topics.delete(List.of(TOPIC));
        }
    }

    private static void send(KafkaProducer<String, String> producer, String text) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, text)).get();
    }

    @Test
    void aBrokerThatDoesNotAnswerIsAReasonInWords() {
        assertThatThrownBy(() -> LastMessage.of(TOPIC, settings("127.0.0.1:1")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the last message of topic " + TOPIC + " cannot be read");
    }
}

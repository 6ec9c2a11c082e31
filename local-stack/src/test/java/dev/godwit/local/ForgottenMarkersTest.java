package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ForgottenMarkersTest {
    private static final int TOPICS = 12;

    /** The broker is killed right behind the answer to a commit: in most cases before all markers are written. */
    @Test
    void aTransactionWhoseBrokerIsKilledWhileItIsCommittedIsSeenAfterItsRestart() throws Exception {
        try (LocalStackBroker stack = new LocalStackBroker()) {
            List<String> topics = new ArrayList<>();
            List<NewTopic> made = new ArrayList<>();
            for (int topic = 0; topic < TOPICS; topic++) {
                topics.add("topic-" + topic);
                made.add(new NewTopic("topic-" + topic, 1, (short) 1));
            }
            try (Admin admin = Admin.create(stack.client())) {
                admin.createTopics(made).all().get(1, TimeUnit.MINUTES);
            }
            for (int round = 1; round <= 2; round++) {
                try (KafkaProducer<String, String> producer = stack.producer()) {
                    producer.initTransactions();
                    for (int transaction = 0; transaction < 5; transaction++) {
                        producer.beginTransaction();
                        for (String topic : topics) {
                            producer.send(new ProducerRecord<>(topic, "row")).get(1, TimeUnit.MINUTES);
                        }
                        producer.commitTransaction();
                    }
                    stack.kafka.kill();
                }
                stack.kafka.restart();
                for (String topic : topics) {
                    assertThat(stack.committedRecords(topic))
                            .as("%s, round %d", topic, round)
                            .isEqualTo(5L * round);
                }
            }
        }
    }

    private static final class LocalStackBroker implements AutoCloseable {
        private final WorkDirectory directory = WorkDirectory.create("kafka");
        private final KafkaServer kafka =
                KafkaServer.start(directory, true, Map.of("broker.session.timeout.ms", "6000"));

        private Map<String, Object> client() {
            return Map.of("bootstrap.servers", kafka.bootstrapServers());
        }

        private KafkaProducer<String, String> producer() {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    kafka.bootstrapServers(),
                    "transactional.id",
                    "one",
                    "enable.idempotence",
                    true);
            return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        }

        /** How many rows a reader of committed records gets until the end of all records. */
        private long committedRecords(String topic) {
            TopicPartition partition = new TopicPartition(topic, 0);
            Map<String, Object> everything = Map.of("bootstrap.servers", kafka.bootstrapServers());
            long end;
            try (KafkaConsumer<String, String> all =
                    new KafkaConsumer<>(everything, new StringDeserializer(), new StringDeserializer())) {
                end = all.endOffsets(Set.of(partition)).get(partition);
            }
            Map<String, Object> committed =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(committed, new StringDeserializer(), new StringDeserializer())) {
                assertThat(consumer.endOffsets(Set.of(partition)).get(partition))
                        .as("the last stable offset of %s", topic)
                        .isEqualTo(end);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long records = 0;
                while (consumer.position(partition) < end) {
                    records += consumer.poll(Duration.ofSeconds(1)).count();
                }
                return records;
            }
        }

        @Override
        public void close() {
            kafka.close();
            directory.close();
        }
    }
}

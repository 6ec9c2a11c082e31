package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ForgottenMarkersTest {
    private static final String TOPIC = "rows";
    /** So many that their markers take longer than the death of a process. */
    private static final int PARTITIONS = 250;

    /** The broker is killed right behind the answer to a commit: before all markers are written. */
    @Test
    void aTransactionWhoseBrokerIsKilledWhileItIsCommittedIsSeenAfterItsRestart() throws Exception {
        try (WorkDirectory directory = WorkDirectory.create("kafka");
                KafkaServer kafka = KafkaServer.start(directory, true, Map.of("broker.session.timeout.ms", "6000"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                        .all()
                        .get(1, TimeUnit.MINUTES);
            }
            commitUntilKilled(kafka, client);
            kafka.restart();
            assertThat(committedRows(client)).isEqualTo(2L * PARTITIONS);
        }
    }

    /** Two transactions, each with a row in every partition. */
    private static void commitUntilKilled(KafkaServer kafka, Map<String, Object> client) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("transactional.id", "one");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int transaction = 1; transaction <= 2; transaction++) {
                producer.beginTransaction();
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(TOPIC, partition, null, "row")));
                }
                for (Future<RecordMetadata> one : sent) {
                    one.get(1, TimeUnit.MINUTES);
                }
                producer.commitTransaction();
            }
            kafka.kill();
        }
    }

    /** How many rows a reader of committed records gets until the end of all records, where no transaction holds it up. */
    private static long committedRows(Map<String, Object> client) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        Map<TopicPartition, Long> ends;
        try (KafkaConsumer<String, String> all =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            ends = all.endOffsets(partitions);
        }
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            assertThat(consumer.endOffsets(partitions))
                    .as("last stable offsets")
                    .isEqualTo(ends);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long rows = 0;
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                rows += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return rows;
        }
    }
}

package dev.godwit.apply.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.streams.OpenKafkaTransactions.Open;
import dev.godwit.local.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** On a real broker. */
class HeldBackWatchTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition ITEMS = new TopicPartition("items", 0);

    @Test
    void tellsOnceOfATransactionThatHoldsRecordsBackAndOnlyWhileItIsOpen() throws Exception {
        List<String> told = new ArrayList<>();
        try (KafkaServer kafka = KafkaServer.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<String, String> connect =
                        producer(kafka, Map.of("transactional.id", "connect-1", "transaction.timeout.ms", 600_000));
                KafkaProducer<String, String> other = producer(kafka, Map.of())) {
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1), new NewTopic("items", 1, (short) 1)))
                    .all()
                    .get(1, TimeUnit.MINUTES);
            connect.initTransactions();
            send(other, "orders");
            send(other, "items");
            OpenKafkaTransactions transactions = new OpenKafkaTransactions(admin);
            HeldBackWatch watch =
                    new HeldBackWatch("shop-forward", admin, List.of(ORDERS, ITEMS), told::add, Duration.ZERO);
            watch.look();
            assertThat(told).isEmpty();

            connect.beginTransaction();
            send(connect, "orders");
            send(other, "orders");
            List<Open> open = transactions.first(List.of(ORDERS, ITEMS));
            assertThat(open).singleElement().satisfies(one -> {
                assertThat(one.partition()).isEqualTo(ORDERS);
                assertThat(one.startOffset()).isEqualTo(1);
            });
            assertThat(transactions.endsByItself(open.get(0))).contains(true);
            assertThat(transactions.endsByItself(new Open(ORDERS, 1, 123_456, 0)))
                    .as("a producer that no coordinator knows")
                    .contains(false);
            watch.look();
            watch.look();
            assertThat(told)
                    .singleElement()
                    .asString()
                    .contains(
                            "shop-forward: records of orders-0 from offset 1 on are held back",
                            "producer id " + open.get(0).producerId(),
                            "will end it");

            connect.commitTransaction();
            // The producer goes on before the markers are written.
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> transactions.first(List.of(ORDERS, ITEMS)).isEmpty());
            connect.beginTransaction();
            send(connect, "items");
            watch.look();
            assertThat(told).hasSize(2);
            connect.abortTransaction();
        }
    }

    private static void send(KafkaProducer<String, String> producer, String topic) throws Exception {
        producer.send(new ProducerRecord<>(topic, "row")).get(1, TimeUnit.MINUTES);
    }

    private static KafkaProducer<String, String> producer(KafkaServer kafka, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }
}

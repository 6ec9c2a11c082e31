package dev.godwit.apply.deadletter;

import dev.godwit.apply.ApplyException;
import dev.godwit.database.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic of a domain's dead letters. A message's value is the original value, its headers say the rest; its key is
 * {@code position:number}, the same whenever the same change is sent again.
 */
public final class DeadLetterTopic {
    /** As large as the topics that the records come from allow. */
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    static final String HEADER_KEY = "godwit.key";
    private static final long ANSWERS_WITHIN_SECONDS = 30;

    private final String name;
    private final Map<String, Object> kafka;

    /** @param kafka properties of clients, bootstrap servers included */
    public DeadLetterTopic(String domain, Map<String, Object> kafka) {
        this.name = name(domain);
        this.kafka = Map.copyOf(kafka);
    }

    public static String name(String domain) {
        return domain + ".dead-letters";
    }

    /**
     * Makes the topic if it is not there. It keeps its messages for ever: a letter that is gone before it was replayed is a
     * lost change.
     *
     * @throws RefusedException if that does not work
     */
    public void create(Admin admin) {
        NewTopic topic = new NewTopic(name, 1, (short) -1)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1",
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        "-1",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(MESSAGE_BYTES_MAX)));
        try {
            admin.createTopics(List.of(topic)).all().get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw refused(e);
            }
        } catch (TimeoutException e) {
            throw refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(e);
        }
    }

    private RefusedException refused(Exception e) {
        return new RefusedException(
                "the topic " + name + " cannot be created: " + e.getMessage(),
                "allow this user to create it, or create it by hand with one partition and without a retention limit",
                e);
    }

    /**
     * Sends letters with the records they came from; they are in Kafka, on all in-sync replicas, on return.
     *
     * @throws ApplyException if one was not taken; others may be there then
     */
    void send(String domain, List<DeadLetter> letters, List<ConsumerRecord<byte[], byte[]>> originals) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MESSAGE_BYTES_MAX);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MESSAGE_BYTES_MAX);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < letters.size(); i++) {
                sent.add(producer.send(message(domain, letters.get(i), originals.get(i))));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        } catch (KafkaException | ExecutionException e) {
            throw new ApplyException("the dead letters were not taken by topic " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApplyException("interrupted while sending dead letters to topic " + name, e);
        }
    }

    /** The record that a change came from, as it was. */
    static final class Original {
        private final byte[] key;
        private final byte[] value;

        private Original(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        byte[] key() {
            return key;
        }

        byte[] value() {
            return value;
        }
    }

    /**
     * Reads the whole topic.
     *
     * @return the records of the letters that are wanted, as far as they are there
     * @throws ApplyException if Kafka does not answer
     */
    Map<String, Original> read(Set<String> wantedIds) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWERS_WITHIN_SECONDS * 1_000);
        TopicPartition partition = new TopicPartition(name, 0);
        Map<String, Original> found = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERS_WITHIN_SECONDS);
            while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(500))) {
                    deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERS_WITHIN_SECONDS);
                    String id = new String(message.key(), StandardCharsets.UTF_8);
                    if (wantedIds.contains(id)) {
                        // The same letter twice is the same change: the later attempt counts, as it is the one noted.
                        byte[] key = message.headers().lastHeader(HEADER_KEY).value();
                        found.put(id, new Original(key, message.value()));
                    }
                }
            }
            return found;
        } catch (KafkaException e) {
            throw new ApplyException("cannot read the dead letters in topic " + name + ": " + e.getMessage(), e);
        }
    }

    private ProducerRecord<byte[], byte[]> message(
            String domain, DeadLetter letter, ConsumerRecord<byte[], byte[]> original) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(name, 0, bytes(letter.id()), original.value());
        original.headers().forEach(message.headers()::add);
        Headers headers = message.headers();
        headers.add(HEADER_KEY, original.key());
        Map<String, String> texts = new HashMap<>(Map.of(
                "domain", domain,
                "topic", letter.origin().partition().topic(),
                "partition", Integer.toString(letter.origin().partition().partition()),
                "offset", Long.toString(letter.origin().offset()),
                "table", letter.table().toString(),
                "position", letter.position().toString(),
                "number", Integer.toString(letter.number()),
                "reason", letter.cause().reason().name(),
                "message", letter.cause().message(),
                "time", letter.parkedAt().toString()));
        texts.put("committed-at", letter.committedAt().toString());
        letter.cause().sqlState().ifPresent(state -> texts.put("sqlstate", state));
        letter.cause().dependsOn().ifPresent(position -> texts.put("depends-on", position.toString()));
        texts.forEach((header, text) -> headers.add("godwit." + header, bytes(text)));
        return message;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

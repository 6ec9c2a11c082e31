package dev.godwit.apply.deadletter;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single records again from the topics they came from: they are not kept in memory after decoding. */
final class OriginalRecords {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);
    private static final Comparator<Origin> BY_PLACE = Comparator.<Origin, String>comparing(
                    origin -> origin.partition().topic())
            .thenComparing(origin -> origin.partition().partition())
            .thenComparing(Origin::offset);

    private final Map<String, Object> settings;

    /** @param kafka properties of clients, bootstrap servers included */
    OriginalRecords(Map<String, Object> kafka) {
        settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    }

    /**
     * Blocks until all are read.
     *
     * @throws ApplyException if one is not there any more, or Kafka does not answer
     */
    Map<Origin, ConsumerRecord<byte[], byte[]>> read(List<Origin> origins) {
        Map<Origin, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        List<Origin> wanted = new ArrayList<>(origins);
        wanted.sort(BY_PLACE);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
            Set<Origin> all = Set.copyOf(wanted);
            for (Origin origin : wanted) {
                if (!found.containsKey(origin)) {
                    readFrom(consumer, origin, all, found, deadline);
                }
            }
            return found;
        } catch (KafkaException e) {
            throw new ApplyException("cannot read the records that are to be put aside again: " + e.getMessage(), e);
        }
    }

    /** What is read beside the record may be wanted next. */
    private static void readFrom(
            KafkaConsumer<byte[], byte[]> consumer,
            Origin origin,
            Set<Origin> wanted,
            Map<Origin, ConsumerRecord<byte[], byte[]>> found,
            long deadline) {
        consumer.assign(List.of(origin.partition()));
        consumer.seek(origin.partition(), origin.offset());
        while (!found.containsKey(origin)) {
            if (System.nanoTime() > deadline) {
                throw new ApplyException("the record at " + origin + " was not delivered again within "
                        + TimeUnit.NANOSECONDS.toSeconds(ANSWERS_WITHIN.toNanos()) + " s, so it cannot be put aside");
            }
            consumer.poll(Duration.ofMillis(500)).forEach(record -> {
                Origin place = new Origin(origin.partition(), record.offset());
                if (wanted.contains(place)) {
                    found.put(place, record);
                }
            });
        }
    }
}

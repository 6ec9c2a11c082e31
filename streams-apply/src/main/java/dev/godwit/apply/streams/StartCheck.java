package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyException;
import dev.godwit.database.RefusedException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the first record: does Kafka still have, and will it deliver, every record that the ledger needs? It would not
 * if somebody has moved the group's offsets, if retention has deleted records that were not applied yet, or if a topic
 * was made anew. Going on then would lose records in silence.
 */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    private final Admin admin;
    private final String group;
    private final Collection<TopicPartition> partitions;

    StartCheck(Admin admin, String group, Collection<TopicPartition> partitions) {
        this.admin = admin;
        this.group = group;
        this.partitions = partitions;
    }

    Collection<TopicPartition> partitions() {
        return partitions;
    }

    /** What Kafka has at one moment. A committed offset may be missing. */
    record Kept(
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, Long> earliest,
            Map<TopicPartition, Long> latest) {

        /** How many records will be read although the restart offsets say that they are applied. */
        long gap(Map<TopicPartition, Long> restartOffsets) {
            return restartOffsets.entrySet().stream()
                    .filter(entry -> earliest.containsKey(entry.getKey()))
                    .mapToLong(entry -> entry.getValue() - begin(entry.getKey()))
                    .filter(records -> records > 0)
                    .sum();
        }

        private long begin(TopicPartition partition) {
            OffsetAndMetadata place = committed.get(partition);
            return Math.max(earliest.get(partition), place == null ? 0 : place.offset());
        }
    }

    /** Committed offsets first: while another applier runs they grow, but only behind the ledger. */
    Kept read() {
        Map<TopicPartition, OffsetAndMetadata> committed =
                await("committed offsets", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return new Kept(committed, offsets(OffsetSpec.earliest()), offsets(OffsetSpec.latest()));
    }

    /**
     * @param restartOffsets of the ledger, read after {@code kept}; what is not in it was never read, and is needed
     *     from its beginning
     * @throws RefusedException if a record that is still needed would not be delivered
     */
    void check(Kept kept, Map<TopicPartition, Long> restartOffsets) {
        for (TopicPartition partition : partitions) {
            check(kept, partition, restartOffsets.getOrDefault(partition, 0L));
        }
    }

    private void check(Kept kept, TopicPartition partition, long needed) {
        String topic = partition.topic();
        if (kept.earliest.get(partition) > needed) {
            throw new RefusedException(
                    "topic " + topic + " begins at offset " + kept.earliest.get(partition)
                            + ", but records from offset " + needed
                            + " on are not applied yet: retention has deleted them",
                    "load the phase again, with a longer retention.ms on the topic");
        }
        OffsetAndMetadata committed = kept.committed.get(partition);
        if (committed != null && committed.offset() > needed) {
            throw new RefusedException(
                    "group " + group + " would go on at offset " + committed.offset() + " of topic " + topic
                            + ", but the ledger needs it from offset " + needed
                            + ": somebody has moved the group's offsets, or the ledger was lost",
                    "kafka-consumer-groups --bootstrap-server ... --group " + group + " --topic " + topic
                            + " --reset-offsets --to-offset " + needed + " --execute");
        }
        if (kept.latest.get(partition) < needed) {
            throw new RefusedException(
                    "topic " + topic + " ends at offset " + kept.latest.get(partition)
                            + ", but is applied up to offset " + needed + ": it was deleted and made anew",
                    "load the phase again");
        }
    }

    /**
     * Lets a group that has never committed anything begin where the ledger says: a domain that has taken over from others
     * need not read what they have applied. If that does not succeed it reads it, and skips it.
     */
    void begin(Kept kept, Map<TopicPartition, Long> restartOffsets) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        restartOffsets.forEach((partition, offset) -> {
            if (partitions.contains(partition) && kept.committed.get(partition) == null && offset > 0) {
                places.put(partition, new OffsetAndMetadata(offset));
            }
        });
        if (!places.isEmpty()) {
            try {
                await("offsets", admin.alterConsumerGroupOffsets(group, places).all());
            } catch (ApplyException e) {
                LOG.info("group {} begins at the beginning of its topics: {}", group, e.getMessage());
            }
        }
    }

    /** Where each partition ends now. */
    Map<TopicPartition, Long> ends() {
        return offsets(OffsetSpec.latest());
    }

    /** The same, but before what a producer has not committed yet. */
    Map<TopicPartition, Long> committedEnds() {
        return offsets(OffsetSpec.latest(), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    }

    private Map<TopicPartition, Long> offsets(OffsetSpec spec) {
        return offsets(spec, new ListOffsetsOptions());
    }

    private Map<TopicPartition, Long> offsets(OffsetSpec spec, ListOffsetsOptions options) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found =
                await("the offsets of topics", admin.listOffsets(asked, options).all());
        found.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private static <T> T await(String what, KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApplyException("interrupted while reading " + what, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ApplyException("cannot read " + what + " from Kafka: " + e.getMessage(), e);
        }
    }
}

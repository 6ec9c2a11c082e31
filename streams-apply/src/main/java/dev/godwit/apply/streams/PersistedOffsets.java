package dev.godwit.apply.streams;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the tasks of one applier tell their consumer: the restart offsets that stand in the ledger, and whether to
 * stop reading for a while. Thread-safe.
 */
final class PersistedOffsets {
    private final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Delivered> delivered = new ConcurrentHashMap<>();
    private final Map<TopicPartition, BooleanSupplier> pauses = new ConcurrentHashMap<>();

    void persisted(Map<TopicPartition, Long> restartOffsets) {
        offsets.putAll(restartOffsets);
    }

    /**
     * What the consumer has handed out of a partition.
     *
     * @param last the offset of its last record; -1 if there was none
     * @param position where it goes on; between are marks of Kafka's transactions
     */
    private record Delivered(long last, long position) {}

    /** The consumer has handed these out, and is behind them. */
    void delivered(ConsumerRecords<byte[], byte[]> polled) {
        polled.nextOffsets()
                .forEach((partition, next) -> delivered.compute(partition, (same, before) -> {
                    List<ConsumerRecord<byte[], byte[]>> messages = polled.records(partition);
                    long none = before == null ? -1 : before.last;
                    long last = messages.isEmpty()
                            ? none
                            : messages.get(messages.size() - 1).offset();
                    return new Delivered(last, next.offset());
                }));
    }

    /**
     * The first offset that may still hold something for a task.
     *
     * @param next behind the last record that the task has had
     */
    long reached(TopicPartition partition, long next) {
        Delivered known = delivered.get(partition);
        return known == null || next <= known.last ? next : Math.max(next, known.position);
    }

    /** These partitions have got another task, or will. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            offsets.remove(partition);
            pauses.remove(partition);
        });
    }

    /** -1 if the ledger knows nothing of the partition. */
    long offset(TopicPartition partition) {
        return offsets.getOrDefault(partition, -1L);
    }

    /** @param partitions of a task */
    void pauseWhile(Collection<TopicPartition> partitions, BooleanSupplier condition) {
        partitions.forEach(partition -> pauses.put(partition, condition));
    }

    /** Those of these partitions that are not to be read now. */
    Set<TopicPartition> paused(Collection<TopicPartition> partitions) {
        IdentityHashMap<BooleanSupplier, Boolean> answers = new IdentityHashMap<>();
        Set<TopicPartition> paused = new HashSet<>();
        for (TopicPartition partition : partitions) {
            BooleanSupplier condition = pauses.get(partition);
            if (condition != null && answers.computeIfAbsent(condition, BooleanSupplier::getAsBoolean)) {
                paused.add(partition);
            }
        }
        return paused;
    }

    /**
     * The offsets to commit instead of those that Kafka Streams asks for: metadata kept, offset lowered to what is
     * applied. Partitions of which the ledger knows nothing yet are left out.
     */
    Map<TopicPartition, OffsetAndMetadata> lowered(Map<TopicPartition, OffsetAndMetadata> asked) {
        Map<TopicPartition, OffsetAndMetadata> lowered = new HashMap<>();
        asked.forEach((partition, offset) -> {
            Long applied = offsets.get(partition);
            if (applied != null) {
                lowered.put(partition, new OffsetAndMetadata(Math.min(applied, offset.offset()), offset.metadata()));
            }
        });
        return lowered;
    }
}

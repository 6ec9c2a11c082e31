package dev.godwit.apply.streams;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the tasks of one applier tell their consumer: the restart offsets that stand in the ledger, and whether to
 * stop reading for a while. Thread-safe.
 */
final class PersistedOffsets {
    private final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();
    private volatile BooleanSupplier pause = () -> false;

    void persisted(Map<TopicPartition, Long> restartOffsets) {
        offsets.putAll(restartOffsets);
    }

    void forget() {
        offsets.clear();
        pause = () -> false;
    }

    /** -1 if the ledger knows nothing of the partition. */
    long offset(TopicPartition partition) {
        return offsets.getOrDefault(partition, -1L);
    }

    void pauseWhile(BooleanSupplier condition) {
        pause = condition;
    }

    boolean isPaused() {
        return pause.getAsBoolean();
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

package dev.godwit.apply.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer that Kafka Streams reads with. It differs from any other in two ways.
 *
 * <p>Kafka Streams commits the offsets of what it has read; this consumer commits the restart offsets of what is
 * applied, so that whoever owns the task next begins at the right place by itself.
 *
 * <p>While the target is slower than the source, it pauses all partitions, so that nothing piles up in memory; the
 * thread keeps polling, and so keeps its place in the group. Kafka Streams pauses partitions too, for reasons of
 * its own, so its wishes are remembered and granted again afterwards.
 */
final class RestartOffsetConsumer extends KafkaConsumer<byte[], byte[]> {
    private final PersistedOffsets persisted;
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();
    private boolean pausedByUs;

    RestartOffsetConsumer(Map<String, Object> config, PersistedOffsets persisted) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.persisted = persisted;
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> lowered = persisted.lowered(offsets);
        if (!lowered.isEmpty()) {
            super.commitSync(lowered);
        }
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> lowered = persisted.lowered(offsets);
        if (!lowered.isEmpty()) {
            super.commitSync(lowered, timeout);
        }
    }

    /**
     * Kafka Streams does not use this, nor the forms without offsets. If it ever does, what is not applied must not
     * be committed.
     */
    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        super.commitAsync(persisted.lowered(offsets), callback);
    }

    @Override
    public void commitSync() {
        throw new UnsupportedOperationException("only restart offsets may be committed");
    }

    @Override
    public void commitSync(Duration timeout) {
        throw new UnsupportedOperationException("only restart offsets may be committed");
    }

    @Override
    public void commitAsync() {
        throw new UnsupportedOperationException("only restart offsets may be committed");
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        throw new UnsupportedOperationException("only restart offsets may be committed");
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByStreams.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByStreams.removeAll(partitions);
        if (!pausedByUs) {
            super.resume(partitions);
        }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        pausedByStreams.retainAll(assignment());
        boolean pause = persisted.isPaused();
        if (pause) {
            super.pause(assignment());
        } else if (pausedByUs) {
            Set<TopicPartition> resumed = new HashSet<>(assignment());
            resumed.removeAll(pausedByStreams);
            super.resume(resumed);
        }
        pausedByUs = pause;
        return super.poll(timeout);
    }
}

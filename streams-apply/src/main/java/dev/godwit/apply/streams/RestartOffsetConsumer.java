package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer that Kafka Streams reads with. It differs from any other in four ways.
 *
 * <p>Kafka Streams commits the offsets of what it has read; this consumer commits the restart offsets of what is
 * applied, so that whoever owns the task next begins at the right place by itself.
 *
 * <p>While the target is slower than the source, it pauses the partitions of a task, so that nothing piles up in memory; the
 * thread keeps polling, and so keeps its place in the group. Kafka Streams pauses partitions too, for reasons of
 * its own, so its wishes are remembered and granted again afterwards.
 *
 * <p>It hands records over in chunks: see {@link RecordChunk}.
 *
 * <p>An offset that the broker does not have any more is never replaced by another in silence: either nothing was
 * committed yet, or the ledger knows a later place, or records are lost and the applier stops.
 */
final class RestartOffsetConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(RestartOffsetConsumer.class);

    private final PersistedOffsets persisted;
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();
    private Set<TopicPartition> pausedByUs = Set.of();

    RestartOffsetConsumer(Map<String, Object> config, PersistedOffsets persisted) {
        super(withoutReset(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.persisted = persisted;
    }

    private static Map<String, Object> withoutReset(Map<String, Object> config) {
        Map<String, Object> settings = new HashMap<>(config);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return settings;
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
        Set<TopicPartition> resumed = new HashSet<>(partitions);
        resumed.removeAll(pausedByUs);
        super.resume(resumed);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        pausedByStreams.retainAll(assignment());
        Set<TopicPartition> pause = persisted.paused(assignment());
        super.pause(pause);
        Set<TopicPartition> resumed = new HashSet<>(pausedByUs);
        resumed.removeAll(pause);
        resumed.removeAll(pausedByStreams);
        resumed.retainAll(assignment());
        super.resume(resumed);
        pausedByUs = pause;
        try {
            ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
            persisted.delivered(polled);
            return RecordChunk.pack(polled);
        } catch (NoOffsetForPartitionException e) {
            return seekToBeginnings(e.partitions());
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::seekToRestartOffset);
            return ConsumerRecords.empty();
        }
    }

    /**
     * Always leaves the group. Kafka Streams would keep the place of a thread that has failed, and whoever goes on (another
     * thread, after a change of the tables; another process) would wait until its session times out.
     */
    @Override
    public void close(CloseOptions asked) {
        CloseOptions leaving = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        super.close(asked.timeout().map(leaving::withTimeout).orElse(leaving));
    }

    /** To offsets with a number: if retention takes them away before they are read, that is noticed. */
    private ConsumerRecords<byte[], byte[]> seekToBeginnings(Set<TopicPartition> partitions) {
        try {
            beginningOffsets(partitions).forEach(this::seek);
        } catch (TimeoutException e) {
            LOG.info("the first offsets of {} are not known yet: {}", partitions, e.getMessage());
        }
        return ConsumerRecords.empty();
    }

    /** Retention may have deleted what is applied but was not committed as read when the last owner died. */
    private void seekToRestartOffset(TopicPartition partition, long missing) {
        long needed = persisted.offset(partition);
        if (needed <= missing) {
            throw new ApplyException("topic " + partition.topic() + " does not have offset " + missing
                    + " any more, from which on it is not applied yet: retention has deleted it, or the topic was made"
                    + " anew. Load the phase again, with a longer retention.ms on the topic");
        }
        seek(partition, needed);
    }
}

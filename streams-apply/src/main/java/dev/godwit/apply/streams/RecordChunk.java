package dev.godwit.apply.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Several neighbouring records of a partition as one: Kafka Streams takes about as long to queue, choose and hand over a
 * record as the applier takes to decode it, so it gets few and large ones. {@link RestartOffsetConsumer} packs, {@link
 * ApplyProcessor} unpacks. Topics are still read side by side, chunk by chunk.
 *
 * <p>The records are not copied: they travel as the headers of the record that Kafka Streams sees, which it hands to the
 * {@link #deserializer()} as they are.
 *
 * @param messages in the order of their offsets, at least one
 */
record RecordChunk(List<ConsumerRecord<byte[], byte[]>> messages) {
    /** A chunk holds at most so many records, */
    private static final int RECORDS_MAX = 500;
    /** and a record that begins behind so many bytes opens another. */
    private static final int BYTES_MAX = 1 << 20;

    /** Null would be dropped. */
    private static final byte[] NOTHING = {};

    /** No headers, but the way for a chunk. */
    private static final class Carrier extends RecordHeaders {
        private final RecordChunk chunk;

        private Carrier(RecordChunk chunk) {
            this.chunk = chunk;
        }
    }

    static Deserializer<RecordChunk> deserializer() {
        return new Deserializer<>() {
            @Override
            public RecordChunk deserialize(String topic, Headers headers, byte[] data) {
                return ((Carrier) headers).chunk;
            }

            @Override
            public RecordChunk deserialize(String topic, byte[] data) {
                throw new UnsupportedOperationException("the records are in the headers");
            }
        };
    }

    static ConsumerRecords<byte[], byte[]> pack(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> packed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = polled.nextOffsets();
        for (TopicPartition partition : polled.partitions()) {
            packed.put(partition, pack(polled.records(partition)));
        }
        return new ConsumerRecords<>(packed, next);
    }

    private static List<ConsumerRecord<byte[], byte[]>> pack(List<ConsumerRecord<byte[], byte[]>> messages) {
        List<ConsumerRecord<byte[], byte[]>> chunks = new ArrayList<>();
        for (int from = 0; from < messages.size(); ) {
            int to = from;
            long bytes = 0;
            while (to < messages.size() && to - from < RECORDS_MAX && bytes < BYTES_MAX) {
                bytes += size(messages.get(to++));
            }
            chunks.add(chunk(new ArrayList<>(messages.subList(from, to)), bytes));
            from = to;
        }
        return chunks;
    }

    private static int size(ConsumerRecord<byte[], byte[]> message) {
        return Math.max(0, message.serializedKeySize()) + Math.max(0, message.serializedValueSize());
    }

    private static ConsumerRecord<byte[], byte[]> chunk(List<ConsumerRecord<byte[], byte[]>> messages, long bytes) {
        ConsumerRecord<byte[], byte[]> first = messages.get(0);
        ConsumerRecord<byte[], byte[]> last = messages.get(messages.size() - 1);
        // The time by which Kafka Streams chooses is that of the first; the offset that it counts with is the last.
        return new ConsumerRecord<>(
                first.topic(),
                first.partition(),
                last.offset(),
                first.timestamp(),
                first.timestampType(),
                ConsumerRecord.NULL_SIZE,
                (int) Math.min(Integer.MAX_VALUE, bytes),
                null,
                NOTHING,
                new Carrier(new RecordChunk(messages)),
                Optional.empty());
    }
}

package dev.godwit.apply.streams;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Several neighbouring records of a partition as one: Kafka Streams takes about as long to queue, choose and hand over a
 * record as the applier takes to decode it, so it gets few and large ones. {@link RestartOffsetConsumer} packs, {@link
 * ApplyProcessor} unpacks. Topics are still read side by side, chunk by chunk.
 *
 * <p>For each record: offset, length of the key, length of the value (-1 for null), key, value.
 */
final class RecordChunk {
    /** A chunk holds at most so many records, */
    private static final int RECORDS_MAX = 500;
    /** and a record that begins behind so many bytes opens another. */
    private static final int BYTES_MAX = 1 << 20;

    private static final int HEADER_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private RecordChunk() {}

    /** What takes the records of a chunk. */
    interface Receiver {
        /** @param key null if there is none, like {@code value} */
        void accept(long offset, byte[] key, byte[] value);
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
            int bytes = 0;
            while (to < messages.size() && to - from < RECORDS_MAX && bytes < BYTES_MAX) {
                bytes = Math.addExact(bytes, size(messages.get(to++)));
            }
            chunks.add(chunk(messages.subList(from, to), bytes));
            from = to;
        }
        return chunks;
    }

    private static int size(ConsumerRecord<byte[], byte[]> message) {
        return HEADER_BYTES
                + (message.key() == null ? 0 : message.key().length)
                + (message.value() == null ? 0 : message.value().length);
    }

    private static ConsumerRecord<byte[], byte[]> chunk(List<ConsumerRecord<byte[], byte[]>> messages, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            buffer.putLong(message.offset());
            buffer.putInt(message.key() == null ? -1 : message.key().length);
            buffer.putInt(message.value() == null ? -1 : message.value().length);
            if (message.key() != null) {
                buffer.put(message.key());
            }
            if (message.value() != null) {
                buffer.put(message.value());
            }
        }
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
                bytes,
                null,
                buffer.array(),
                new RecordHeaders(),
                Optional.empty());
    }

    static void unpack(byte[] chunk, Receiver receiver) {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        while (buffer.hasRemaining()) {
            long offset = buffer.getLong();
            int keyLength = buffer.getInt();
            int valueLength = buffer.getInt();
            byte[] key = bytes(buffer, keyLength);
            receiver.accept(offset, key, bytes(buffer, valueLength));
        }
    }

    private static byte[] bytes(ByteBuffer buffer, int length) {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}

package dev.godwit.local;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;

/** What the coordinator has written into its log, {@code __transaction_state}, about transactions that it calls complete. */
final class TransactionDecisions {
    private static final TopicPartition LOG = new TopicPartition("__transaction_state", 0); // see KafkaServer

    private TransactionDecisions() {}

    /** @param epoch that of its markers */
    record Transaction(long producerId, short epoch) {}

    /** All that the log still holds: it is compacted from time to time. Empty if there was never a transaction. */
    static Map<Transaction, TransactionResult> read(String bootstrapServers) {
        Map<Transaction, TransactionResult> decided = new HashMap<>();
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (!consumer.listTopics().containsKey(LOG.topic())) {
                return decided;
            }
            consumer.assign(List.of(LOG));
            consumer.seekToBeginning(List.of(LOG));
            long end = consumer.endOffsets(Set.of(LOG)).get(LOG);
            while (consumer.position(LOG) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.value() != null) {
                        note(decided, ByteBuffer.wrap(record.value()));
                    }
                }
            }
        }
        return decided;
    }

    private static void note(Map<Transaction, TransactionResult> decided, ByteBuffer value) {
        TransactionLogValue read = new TransactionLogValue(new ByteBufferAccessor(value), value.getShort());
        Transaction transaction = new Transaction(read.producerId(), read.producerEpoch());
        switch (TransactionState.fromId(read.transactionStatus())) {
            case COMPLETE_COMMIT -> decided.put(transaction, TransactionResult.COMMIT);
            case COMPLETE_ABORT -> decided.put(transaction, TransactionResult.ABORT);
            default -> {} // not decided, or not said to be complete
        }
    }
}

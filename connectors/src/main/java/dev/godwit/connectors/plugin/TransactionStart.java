package dev.godwit.connectors.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Gives every record of a transaction the source position in front of that transaction, so that a position inside one is never stored.
 *
 * <p>After a restart Debezium then sends the interrupted transaction again from its BEGIN: the same identifiers, orders and counts
 * twice, and nothing is missing. The position behind a transaction is the one that comes with its END.
 *
 * <p>Not thread-safe. Records must come in the order in which Debezium made them.
 */
final class TransactionStart {
    private final String transactionTopic;
    private Map<String, ?> position;
    private boolean inTransaction;

    /** @param position the position stored last; null if there is none: then the replication slot knows where to start */
    TransactionStart(String transactionTopic, Map<String, ?> position) {
        this.transactionTopic = transactionTopic;
        this.position = position;
    }

    List<SourceRecord> rewind(List<SourceRecord> records) {
        List<SourceRecord> rewound = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            String status = transactionStatus(record);
            if (status.equals("BEGIN")) {
                inTransaction = true;
            } else if (status.equals("END")) {
                inTransaction = false;
            }
            if (!inTransaction) { // an END, or a heartbeat between transactions
                position = record.sourceOffset();
            }
            rewound.add(at(position, record));
        }
        return rewound;
    }

    private String transactionStatus(SourceRecord record) {
        return transactionTopic.equals(record.topic()) && record.value() instanceof Struct value
                ? value.getString("status")
                : "";
    }

    private static SourceRecord at(Map<String, ?> position, SourceRecord record) {
        return new SourceRecord(
                record.sourcePartition(),
                position,
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp(),
                record.headers());
    }
}

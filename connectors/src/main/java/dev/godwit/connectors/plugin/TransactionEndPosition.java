package dev.godwit.connectors.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Puts the place of a transaction in the binary log behind its id in its END: {@code <id> <file>:<position>}, the place of its last row.
 *
 * <p>Debezium's END has the id alone, which is a GTID. GTIDs have no order: with several servers they have several names, and within one,
 * numbers that were left out are given later. Places in the log are in the order of commits. The offset that comes with END will not do: it is that of the
 * transaction's beginning, as 3.6 sends END before it moves on.
 *
 * <p>Not thread-safe. Records must come in the order in which Debezium made them.
 */
final class TransactionEndPosition {
    private final String transactionTopic;
    private String lastRow;

    TransactionEndPosition(String transactionTopic) {
        this.transactionTopic = transactionTopic;
    }

    List<SourceRecord> added(List<SourceRecord> records) {
        List<SourceRecord> all = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            all.add(added(record));
        }
        return all;
    }

    private SourceRecord added(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) {
            return record;
        }
        if (transactionTopic.equals(record.topic())) {
            boolean isEnd = "END".equals(value.getString("status"));
            SourceRecord result = isEnd ? withPosition(record, value) : record;
            lastRow = null;
            return result;
        }
        if (value.schema().field("source") != null && value.get("source") instanceof Struct source) {
            lastRow = source.getString("file") + ":" + source.getInt64("pos");
        }
        return record;
    }

    /** An END whose rows were sent before a restart comes again: then its beginning stands for its place, and it is known for a repetition. */
    private SourceRecord withPosition(SourceRecord record, Struct value) {
        Map<String, ?> offset = record.sourceOffset();
        Struct copy = new Struct(value.schema());
        value.schema().fields().forEach(field -> copy.put(field, value.get(field)));
        String place = lastRow == null ? offset.get("file") + ":" + offset.get("pos") : lastRow;
        copy.put("id", value.getString("id") + " " + place);
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                copy,
                record.timestamp(),
                record.headers());
    }
}

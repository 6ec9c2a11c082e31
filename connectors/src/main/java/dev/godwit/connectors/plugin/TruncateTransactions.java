package dev.godwit.connectors.plugin;

import io.debezium.config.Configuration;
import io.debezium.pipeline.txmetadata.DefaultTransactionStructMaker;
import io.debezium.pipeline.txmetadata.TransactionStructMaker;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Makes of each TRUNCATE of MySQL a transaction of its own, with BEGIN and END, in the form that Debezium gives to those of rows.
 *
 * <p>It is one: MySQL commits before and after a TRUNCATE, and logs it in commit order under a GTID that nothing else has. But it logs no BEGIN and no COMMIT with it,
 * and these are where Debezium takes its transactions from; so its event comes without one.
 *
 * <p>All three messages have the position that Debezium gave to the event. That is the one before the TRUNCATE: Debezium counts the GTID of a statement
 * outside of BEGIN and COMMIT as done when the next GTID comes. So after a restart the three come again together, with the same id and place, if nothing behind them was stored.
 *
 * <p>Not thread-safe. Records must come in the order in which Debezium made them.
 */
final class TruncateTransactions {
    private final String transactionTopic;
    private final TransactionStructMaker schemas;

    /** @param config of the connector: the names of schemas go by it */
    TruncateTransactions(String transactionTopic, Configuration config) {
        this.transactionTopic = transactionTopic;
        this.schemas = new DefaultTransactionStructMaker(config);
    }

    List<SourceRecord> wrapped(List<SourceRecord> records) {
        List<SourceRecord> all = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            if (isTruncateOutsideOfTransactions(record)) {
                wrap((Struct) record.value(), record, all);
            } else {
                all.add(record);
            }
        }
        return all;
    }

    /** Without a GTID there is no id; such a record stays what it is, and whoever reads it stops. */
    private static boolean isTruncateOutsideOfTransactions(SourceRecord record) {
        return record.value() instanceof Struct value
                && value.schema().field("op") != null
                && "t".equals(value.getString("op"))
                && value.get("transaction") == null
                && value.getStruct("source").getString("gtid") != null;
    }

    private void wrap(Struct value, SourceRecord record, List<SourceRecord> all) {
        Struct source = value.getStruct("source");
        String id = source.getString("gtid");
        long committedAt = source.getInt64("ts_ms");
        Struct counted = new Struct(schemas.getEventCountPerDataCollectionSchema())
                .put("data_collection", source.getString("db") + "." + source.getString("table"))
                .put("event_count", 1L);
        value.put(
                "transaction",
                new Struct(value.schema().field("transaction").schema())
                        .put("id", id)
                        .put("total_order", 1L)
                        .put("data_collection_order", 1L));
        all.add(boundary(record, boundary("BEGIN", id, committedAt)));
        all.add(record);
        all.add(boundary(
                record,
                boundary("END", id, committedAt).put("event_count", 1L).put("data_collections", List.of(counted))));
    }

    private Struct boundary(String status, String id, long committedAt) {
        return new Struct(schemas.getTransactionValueSchema())
                .put("status", status)
                .put("id", id)
                .put("ts_ms", committedAt);
    }

    private SourceRecord boundary(SourceRecord truncate, Struct value) {
        Schema keySchema = schemas.getTransactionKeySchema();
        return new SourceRecord(
                truncate.sourcePartition(),
                truncate.sourceOffset(),
                transactionTopic,
                null,
                keySchema,
                new Struct(keySchema).put("id", value.getString("id")),
                value.schema(),
                value);
    }
}

package dev.godwit.apply.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes messages as Debezium's PostgreSQL connector does. Not thread-safe. */
final class DebeziumProducer implements AutoCloseable {
    private final String prefix;
    private final KafkaProducer<String, String> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final List<ProducerRecord<String, String>> messages = new ArrayList<>();
    private long xid = 500;
    private long lastCommit;
    private long lsn;

    /** @param firstLsn above those of all producers before it */
    DebeziumProducer(String prefix, long firstLsn, Map<String, Object> settings) {
        this.prefix = prefix;
        this.lsn = firstLsn;
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        this.producer = new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    /**
     * A row event.
     *
     * @param fields the new row as JSON, or the key for a delete
     */
    record RowEvent(String schema, String table, String operation, String key, String fields) {
        static RowEvent upsert(String table, int id, String name) {
            return new RowEvent(
                    "s", table, "u", "{\"id\":" + id + "}", "{\"id\":" + id + ",\"name\":\"" + name + "\"}");
        }

        static RowEvent delete(String table, int id) {
            return new RowEvent("s", table, "d", "{\"id\":" + id + "}", "{\"id\":" + id + "}");
        }

        static RowEvent watermark(String domain, String marker) {
            return new RowEvent(
                    "_godwit",
                    "watermark",
                    "u",
                    "{\"domain\":\"" + domain + "\"}",
                    "{\"domain\":\"" + domain + "\",\"marker\":\"" + marker
                            + "\",\"written_at\":\"2026-01-01T00:00:00Z\"}");
        }
    }

    void transaction(RowEvent... rows) {
        begin();
        rows(rows);
        end(rows);
    }

    void begin() {
        xid++;
        lsn += 100;
        boundary("BEGIN", "null", "null");
    }

    void rows(RowEvent... rows) {
        Map<String, Integer> byCollection = new HashMap<>();
        for (int order = 1; order <= rows.length; order++) {
            RowEvent row = rows[order - 1];
            int ofCollection = byCollection.merge(row.schema + "." + row.table, 1, Integer::sum);
            lsn += 10;
            boolean delete = row.operation.equals("d");
            send(
                    row.schema + "." + row.table,
                    row.key,
                    "{\"before\":" + (delete ? row.fields : "null") + ",\"after\":" + (delete ? "null" : row.fields)
                            + ",\"source\":{\"schema\":\"" + row.schema + "\",\"table\":\"" + row.table
                            + "\",\"txId\":" + xid + ",\"lsn\":" + lsn + ",\"sequence\":\"[" + sequence() + ",\\\""
                            + lsn
                            + "\\\"]\"},\"transaction\":{\"id\":\"" + xid + ":"
                            + lsn
                            + "\",\"total_order\":" + order + ",\"data_collection_order\":" + ofCollection
                            + "},\"op\":\"" + row.operation
                            + "\",\"ts_ms\":1}");
        }
    }

    void end(RowEvent... rows) {
        Map<String, Integer> counts = new HashMap<>();
        for (RowEvent row : rows) {
            counts.merge(row.schema + "." + row.table, 1, Integer::sum);
        }
        List<String> collections = new ArrayList<>();
        counts.forEach((name, count) ->
                collections.add("{\"data_collection\":\"" + name + "\",\"event_count\":" + count + "}"));
        lsn += 10;
        boundary("END", String.valueOf(rows.length), "[" + String.join(",", collections) + "]");
        lastCommit = lsn;
    }

    private String sequence() {
        return lastCommit == 0 ? "null" : "\\\"" + lastCommit + "\\\"";
    }

    /** The place of the last event. */
    long position() {
        return lsn;
    }

    /** How many messages were sent. */
    int sent() {
        return messages.size();
    }

    /** As after a crash of the connector. */
    void repeat(int from, int to) {
        for (ProducerRecord<String, String> message : messages.subList(from, to)) {
            sent.add(producer.send(message));
        }
    }

    private void boundary(String status, String count, String collections) {
        String id = xid + ":" + lsn;
        send(
                "transaction",
                "{\"id\":\"" + id + "\"}",
                "{\"status\":\"" + status + "\",\"id\":\"" + id + "\",\"event_count\":" + count
                        + ",\"data_collections\":" + collections + ",\"ts_ms\":" + xid + "}");
    }

    void send(String topic, String key, String value) {
        ProducerRecord<String, String> message = new ProducerRecord<>(prefix + "." + topic, key, value);
        messages.add(message);
        sent.add(producer.send(message));
    }

    KafkaProducer<String, String> kafka() {
        return producer;
    }

    /** Everything sent so far is in Kafka afterwards. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        sent.clear();
    }

    @Override
    public void close() {
        producer.close();
    }
}

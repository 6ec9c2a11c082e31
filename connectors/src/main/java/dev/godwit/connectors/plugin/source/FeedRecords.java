package dev.godwit.connectors.plugin.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Turns rows of the feed into the messages that CockroachDB's Kafka sink would have sent: same topic, partition, key and value.
 *
 * <p>Every record carries the position of the last resolved timestamp that went, in full, before it: Connect stores an offset
 * when all records up to it are acknowledged, so a stored timestamp stands in every partition, and all rows up to it do too.
 */
final class FeedRecords {
    private final Map<String, String> source;
    private final Map<String, String> topicsByTable = new HashMap<>();
    private final List<String> topics;
    private final int partitions;
    private FeedPosition position;

    FeedRecords(SourceConfig config, Map<String, String> source, FeedPosition position) {
        this.source = source;
        this.partitions = config.getInt(SourceConfig.TOPIC_PARTITIONS);
        this.position = position;
        String prefix = config.getString(SourceConfig.TOPIC_PREFIX);
        this.topics = config.tables().stream().map(table -> table.topic(prefix)).toList();
        config.tables()
                .forEach(table -> table.spellings().forEach(name -> topicsByTable.put(name, table.topic(prefix))));
    }

    /** Where a new feed has to begin. */
    FeedPosition position() {
        return position;
    }

    List<SourceRecord> of(FeedRow row) {
        if (row.isResolved()) {
            return resolved(row);
        }
        String topic = topicsByTable.get(row.table());
        if (topic == null || row.key() == null) {
            throw new ConnectException("the changefeed sends a row of table " + row.table()
                    + (topic == null ? ", which it was not asked for" : " without a key"));
        }
        return List.of(record(topic, partition(row.key(), partitions), row));
    }

    private List<SourceRecord> resolved(FeedRow row) {
        FeedPosition promised = FeedPosition.ofResolved(new String(row.value(), StandardCharsets.UTF_8));
        List<SourceRecord> records = new ArrayList<>(topics.size() * partitions);
        for (int topic = 0; topic < topics.size(); topic++) {
            for (int partition = 0; partition < partitions; partition++) {
                boolean last = topic == topics.size() - 1 && partition == partitions - 1;
                if (last && promised.compareTo(position) > 0) {
                    position = promised;
                }
                records.add(record(topics.get(topic), partition, row));
            }
        }
        return records;
    }

    private SourceRecord record(String topic, int partition, FeedRow row) {
        return new SourceRecord(
                source,
                position.offset(),
                topic,
                partition,
                Schema.OPTIONAL_BYTES_SCHEMA,
                row.key(),
                Schema.OPTIONAL_BYTES_SCHEMA,
                row.value());
    }

    /** FNV-1a of 32 bits, as a signed number, as the sink's producer takes it. */
    static int partition(byte[] key, int partitions) {
        int hash = 0x811c9dc5;
        for (byte octet : key) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return Math.abs(hash % partitions);
    }
}

package dev.godwit.bench.message;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.History;
import dev.godwit.bench.workload.RowChange;
import dev.godwit.bench.workload.Workload;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of one workload, with one partition each, their twins with several, and what is in them. */
public final class WorkloadTopics {
    /** Of the topics for mode immediate. */
    public static final int PARTITIONS = 4;

    private final String bootstrapServers;
    private final String prefix;
    private final String prefixPartitioned;
    private final String prefixWithSchemas;

    public WorkloadTopics(String bootstrapServers, Workload workload) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = "bench-" + workload.label() + "-forward";
        this.prefixPartitioned = "bench-" + workload.label() + "-partitioned";
        this.prefixWithSchemas = "bench-" + workload.label() + "-schemas";
    }

    /** How many changes and transactions a history had. */
    public record Written(long changes, long updates, long inserts, long deletes, long transactions) {}

    /** Debezium's {@code topic.prefix}. */
    public String prefix() {
        return prefix;
    }

    public String topic(BenchTable table) {
        return prefix + "." + table.qualifiedName();
    }

    /** The twin of {@link #topic} whose every message carries its schema. */
    public String topicWithSchemas(BenchTable table) {
        return prefixWithSchemas + "." + table.qualifiedName();
    }

    public String transactionTopic() {
        return prefix + ".transaction";
    }

    /** Topic to table, as the applier takes it; the ledger's own topics are there and empty. */
    public Map<String, TableName> tables(List<BenchTable> tables) {
        Map<String, TableName> topics = new LinkedHashMap<>();
        tables.forEach(table -> topics.put(topic(table), table.tableName()));
        LedgerSchema.CAPTURED.forEach(table -> topics.put(prefix + "." + table.schema() + "." + table.name(), table));
        return topics;
    }

    /** The same with the twins that have several partitions. */
    public Map<String, TableName> partitioned(List<BenchTable> tables) {
        Map<String, TableName> topics = new LinkedHashMap<>();
        tables(tables).values().forEach(table -> topics.put(partitioned(table.schema() + "." + table.name()), table));
        return topics;
    }

    private String partitioned(String table) {
        return prefixPartitioned + "." + table;
    }

    /**
     * Makes the topics and writes the whole history into them.
     *
     * @param withSchemas whether to write the twins with schemas too
     * @param withPartitions whether to write the twins with several partitions too
     */
    public Written write(History history, boolean withSchemas, boolean withPartitions) {
        createTopics(history.tables(), withSchemas, withPartitions);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Map<RowChange.Operation, Long> counts = new EnumMap<>(RowChange.Operation.class);
        long transactions = 0;
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "compression.type",
                "lz4",
                "linger.ms",
                20,
                "batch.size",
                262_144,
                "buffer.memory",
                67_108_864L);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Sender sender = new Sender(producer, failure, withSchemas, withPartitions, history.tables());
            Envelopes envelopes = new Envelopes(prefix);
            for (List<RowChange> transaction = history.next(); transaction != null; transaction = history.next()) {
                envelopes.write(transaction, sender);
                transaction.forEach(change -> counts.merge(change.operation(), 1L, Long::sum));
                transactions++;
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("the messages could not be written to Kafka", failure.get());
        }
        long inserts = counts.getOrDefault(RowChange.Operation.INSERT, 0L);
        long updates = counts.getOrDefault(RowChange.Operation.UPDATE, 0L);
        long deletes = counts.getOrDefault(RowChange.Operation.DELETE, 0L);
        return new Written(inserts + updates + deletes, updates, inserts, deletes, transactions);
    }

    private final class Sender implements Envelopes.Receiver {
        private final KafkaProducer<byte[], byte[]> producer;
        private final AtomicReference<Exception> failure;
        private final boolean withPartitions;
        private final Map<BenchTable, String[]> schemas = new LinkedHashMap<>();

        Sender(
                KafkaProducer<byte[], byte[]> producer,
                AtomicReference<Exception> failure,
                boolean withSchemas,
                boolean withPartitions,
                List<BenchTable> tables) {
            this.withPartitions = withPartitions;
            this.producer = producer;
            this.failure = failure;
            if (withSchemas) {
                tables.forEach(table ->
                        schemas.put(table, new String[] {Schemas.key(prefix, table), Schemas.value(prefix, table)}));
            }
        }

        @Override
        public void boundary(String key, String value) {
            send(transactionTopic(), key, value);
        }

        @Override
        public void row(BenchTable table, String key, String value) {
            send(topic(table), key, value);
            if (withPartitions) {
                send(partitioned(table.qualifiedName()), null, key, value); // by the key
            }
            String[] schema = schemas.get(table);
            if (schema != null) {
                send(topicWithSchemas(table), withSchema(schema[0], key), withSchema(schema[1], value));
            }
        }

        private static String withSchema(String schema, String payload) {
            return "{\"schema\":" + schema + ",\"payload\":" + payload + "}";
        }

        private void send(String topic, String key, String value) {
            send(topic, 0, key, value);
        }

        private void send(String topic, Integer partition, String key, String value) {
            // Failures are told to the callback.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(
                            topic,
                            partition,
                            key.getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8)),
                    (written, thrown) -> {
                        if (thrown != null) {
                            failure.compareAndSet(null, thrown);
                        }
                    });
        }
    }

    private void createTopics(List<BenchTable> tables, boolean withSchemas, boolean withPartitions) {
        List<String> names = new ArrayList<>(tables(tables).keySet());
        Set<String> several = withPartitions ? partitioned(tables).keySet() : Set.of();
        names.addAll(several);
        names.add(transactionTopic());
        if (withSchemas) {
            tables.forEach(table -> names.add(topicWithSchemas(table)));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers))) {
            admin.createTopics(names.stream()
                            .map(name -> new NewTopic(name, several.contains(name) ? PARTITIONS : 1, (short) 1)
                                    .configs(Map.of("retention.ms", "-1")))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics could not be made", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making topics", e);
        }
    }
}

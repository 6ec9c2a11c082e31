package dev.godwit.connectors.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.config.Configuration;
import io.debezium.schema.SchemaFactory;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class TruncateTransactionsTest {
    private static final String GTID = "5b38188d-ebe8-11f1-886a-02fc00000001:";
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("db", Schema.STRING_SCHEMA)
            .field("table", Schema.OPTIONAL_STRING_SCHEMA)
            .field("gtid", Schema.OPTIONAL_STRING_SCHEMA)
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .build();
    private static final Schema BLOCK = SchemaFactory.get().transactionBlockSchema();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("source", SOURCE)
            .field("transaction", BLOCK)
            .field("op", Schema.STRING_SCHEMA)
            .build();
    private static final Map<String, ?> BEFORE_INSERT = Map.of("gtids", GTID + "1-11", "pos", 10L);
    private static final Map<String, ?> BEFORE_TRUNCATE = Map.of("gtids", GTID + "1-12", "file", "bin.1", "pos", 5300L);

    private final TruncateTransactions truncates = new TruncateTransactions("p.transaction", Configuration.empty());

    private static SourceRecord event(
            String op, Map<String, ?> position, String gtid, long place, String transactionId) {
        Struct source = new Struct(SOURCE)
                .put("ts_ms", 1_795_951_871_884L)
                .put("db", "shop")
                .put("table", "item")
                .put("gtid", gtid)
                .put("file", "bin.1")
                .put("pos", place);
        Struct transaction = transactionId == null
                ? null
                : new Struct(BLOCK)
                        .put("id", transactionId)
                        .put("total_order", 1L)
                        .put("data_collection_order", 1L);
        Struct value = new Struct(ENVELOPE)
                .put("source", source)
                .put("transaction", transaction)
                .put("op", op);
        return new SourceRecord(Map.of("server", "p"), position, "p.shop.item", null, null, null, ENVELOPE, value);
    }

    private static SourceRecord truncate() {
        return event("t", BEFORE_TRUNCATE, GTID + 13, 5232, null);
    }

    private static Struct value(SourceRecord record) {
        return (Struct) record.value();
    }

    private static Struct boundary(String status, String id) {
        Struct value = new Struct(SchemaFactory.get().transactionValueSchema(name -> name));
        value.put("status", status).put("id", id).put("ts_ms", 1_795_951_871_884L);
        return value;
    }

    @Test
    void aTruncateGetsTheBeginAndTheEndThatDebeziumWouldGiveItsTransaction() {
        List<SourceRecord> all = truncates.wrapped(List.of(truncate()));

        assertThat(all).hasSize(3);
        assertThat(value(all.get(0))).isEqualTo(boundary("BEGIN", GTID + 13));
        assertThat(value(all.get(1)).getStruct("transaction"))
                .isEqualTo(new Struct(BLOCK)
                        .put("id", GTID + 13)
                        .put("total_order", 1L)
                        .put("data_collection_order", 1L));
        assertThat(all.get(1).topic()).isEqualTo("p.shop.item");
        Struct counted = new Struct(SchemaFactory.get().transactionEventCountPerDataCollectionSchema())
                .put("data_collection", "shop.item")
                .put("event_count", 1L);
        assertThat(value(all.get(2)))
                .isEqualTo(boundary("END", GTID + 13).put("event_count", 1L).put("data_collections", List.of(counted)));
        for (SourceRecord boundary : List.of(all.get(0), all.get(2))) {
            assertThat(boundary.topic()).isEqualTo("p.transaction");
            assertThat(((Struct) boundary.key()).getString("id")).isEqualTo(GTID + 13);
            assertThat(boundary.sourcePartition()).isEqualTo(Map.of("server", "p"));
        }
        value(all.get(2)).validate();
    }

    @Test
    void everythingElseStaysAsItIs() {
        List<SourceRecord> others = List.of(
                event("c", BEFORE_INSERT, GTID + 12, 5069, GTID + 12),
                event("t", BEFORE_INSERT, GTID + 12, 5100, GTID + 12), // of a version that has mended it
                event("t", BEFORE_INSERT, null, 5200, null),
                new SourceRecord(Map.of(), BEFORE_INSERT, "__debezium-heartbeat.p", null, Schema.STRING_SCHEMA, "x"));

        assertThat(truncates.wrapped(others)).containsExactlyElementsOf(others);
    }

    /** What the task makes of it: until END is stored, a restart begins before the transaction that was stored last, and behind END still before the TRUNCATE. */
    @Test
    void noPositionBehindTheTruncateIsStoredWithIt() {
        SourceRecord begin = new SourceRecord(
                Map.of(), Map.of("pos", 20L), "p.transaction", null, null, null, null, boundary("BEGIN", GTID + 14));
        TransactionStart start = new TransactionStart("p.transaction", BEFORE_INSERT);

        List<SourceRecord> all = start.rewind(
                new TransactionEndPosition("p.transaction").added(truncates.wrapped(List.of(truncate(), begin))));

        assertThat(all)
                .extracting(SourceRecord::sourceOffset)
                .containsExactly(BEFORE_INSERT, BEFORE_INSERT, BEFORE_TRUNCATE, BEFORE_TRUNCATE);
        assertThat(value(all.get(2)).getString("id")).isEqualTo(GTID + "13 bin.1:5232");
    }
}

package dev.godwit.connectors.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class TransactionStartTest {
    private static final Schema TRANSACTION =
            SchemaBuilder.struct().field("status", Schema.STRING_SCHEMA).build();
    private static final Map<String, String> PARTITION = Map.of("server", "p");

    private static SourceRecord record(String topic, long lsn, String status) {
        Struct value = status == null ? null : new Struct(TRANSACTION).put("status", status);
        return new SourceRecord(
                PARTITION, Map.of("lsn", lsn), topic, null, null, value == null ? null : TRANSACTION, value);
    }

    private static List<Object> positions(List<SourceRecord> records) {
        List<Object> positions = new ArrayList<>();
        records.forEach(record -> positions.add(
                record.sourceOffset() == null ? null : record.sourceOffset().get("lsn")));
        return positions;
    }

    @Test
    void storesPositionsAtTheEndOfTransactionsOnly() {
        TransactionStart start = new TransactionStart("p.transaction", Map.of("lsn", 1L));
        assertThat(positions(start.rewind(List.of(
                        record("__debezium-heartbeat.p", 2, null),
                        record("p.transaction", 3, "BEGIN"),
                        record("p.s.t", 4, null)))))
                .containsExactly(2L, 2L, 2L);
        assertThat(positions(start.rewind(List.of(
                        record("__debezium-heartbeat.p", 5, null),
                        record("p.s.t", 6, null),
                        record("p.transaction", 7, "END"),
                        record("p.transaction", 8, "BEGIN")))))
                .containsExactly(2L, 2L, 7L, 7L);
    }

    @Test
    void storesNothingBeforeTheFirstTransactionHasEnded() {
        TransactionStart start = new TransactionStart("p.transaction", null);
        assertThat(positions(start.rewind(List.of(
                        record("p.transaction", 3, "BEGIN"),
                        record("p.s.t", 4, null),
                        record("p.transaction", 5, "END")))))
                .containsExactly(null, null, 5L);
    }
}

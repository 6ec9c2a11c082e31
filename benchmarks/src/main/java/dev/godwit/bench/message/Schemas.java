package dev.godwit.bench.message;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.BenchTable.BenchColumn;
import java.util.ArrayList;
import java.util.List;

/** Kafka Connect's schemas, as JSON, of Debezium's messages for a table. */
public final class Schemas {
    private static final String SOURCE = struct(
            List.of(
                    field("version", "string", null, false),
                    field("connector", "string", null, false),
                    field("name", "string", null, false),
                    field("ts_ms", "int64", null, false),
                    field("snapshot", "string", null, true),
                    field("db", "string", null, false),
                    field("sequence", "string", null, true),
                    field("ts_us", "int64", null, true),
                    field("ts_ns", "int64", null, true),
                    field("schema", "string", null, false),
                    field("table", "string", null, false),
                    field("txId", "int64", null, true),
                    field("lsn", "int64", null, true),
                    field("xmin", "int64", null, true),
                    field("origin", "string", null, true),
                    field("origin_lsn", "int64", null, true)),
            "io.debezium.connector.postgresql.Source",
            false,
            "source");
    private static final String TRANSACTION = struct(
            List.of(
                    field("id", "string", null, false),
                    field("total_order", "int64", null, false),
                    field("data_collection_order", "int64", null, false)),
            "event.block",
            true,
            "transaction");

    private Schemas() {}

    public static String key(String prefix, BenchTable table) {
        List<String> fields = new ArrayList<>();
        for (BenchColumn column : table.columns().subList(0, table.keyColumns())) {
            fields.add(field(
                    column.name(), column.kind().schemaType(), column.kind().schemaName(), false));
        }
        return struct(fields, prefix + "." + table.qualifiedName() + ".Key", false, null);
    }

    public static String value(String prefix, BenchTable table) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            BenchColumn column = table.columns().get(i);
            fields.add(field(
                    column.name(), column.kind().schemaType(), column.kind().schemaName(), i >= table.keyColumns()));
        }
        String row = prefix + "." + table.qualifiedName() + ".Value";
        return struct(
                List.of(
                        struct(fields, row, true, "before"),
                        struct(fields, row, true, "after"),
                        SOURCE,
                        TRANSACTION,
                        field("op", "string", null, false),
                        field("ts_ms", "int64", null, true),
                        field("ts_us", "int64", null, true),
                        field("ts_ns", "int64", null, true)),
                prefix + "." + table.qualifiedName() + ".Envelope",
                false,
                null);
    }

    private static String field(String name, String type, String semantic, boolean optional) {
        return "{\"type\":\"" + type + "\",\"optional\":" + optional
                + (semantic == null ? "" : ",\"name\":\"" + semantic + "\",\"version\":1")
                + ",\"field\":\"" + name + "\"}";
    }

    private static String struct(List<String> fields, String name, boolean optional, String field) {
        return "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "],\"optional\":" + optional
                + ",\"name\":\"" + name + "\",\"version\":1" + (field == null ? "" : ",\"field\":\"" + field + "\"")
                + "}";
    }
}

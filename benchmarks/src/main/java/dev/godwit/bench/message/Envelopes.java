package dev.godwit.bench.message;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.RowChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Debezium's messages for a history, as its PostgreSQL connector writes them with the settings of the connectors
 * module and the default replica identity: JSON without schemas. Positions and times run on from call to call. Not
 * thread-safe.
 */
final class Envelopes {
    private static final long FIRST_MICROS = 1_795_000_000_000_000L;

    private final String prefix;
    private final StringBuilder out = new StringBuilder(2_048);
    private long xid = 1_000;
    private long lsn = 100_000_000;
    private long commitLsn = lsn;
    private long micros = FIRST_MICROS;

    Envelopes(String prefix) {
        this.prefix = prefix;
    }

    /** Where the messages of one transaction go. */
    interface Receiver {
        void boundary(String key, String value);

        void row(BenchTable table, String key, String value);
    }

    void write(List<RowChange> transaction, Receiver receiver) {
        xid++;
        micros += 1_500;
        lsn += 56;
        receiver.boundary(
                id(),
                "{\"status\":\"BEGIN\",\"id\":\"" + xid + ":" + lsn
                        + "\",\"event_count\":null,\"data_collections\":null,\"ts_ms\":" + micros / 1_000 + "}");
        Map<BenchTable, Integer> counts = new LinkedHashMap<>();
        long lastCommit = commitLsn;
        for (int i = 0; i < transaction.size(); i++) {
            RowChange change = transaction.get(i);
            int orderInTable = counts.merge(change.table(), 1, Integer::sum);
            receiver.row(change.table(), key(change), value(change, lastCommit, i + 1, orderInTable));
            lsn += 120;
        }
        commitLsn = lsn;
        receiver.boundary(id(), end(transaction.size(), counts));
    }

    private String id() {
        return "{\"id\":\"" + xid + ":" + lsn + "\"}";
    }

    private String end(int events, Map<BenchTable, Integer> counts) {
        out.setLength(0);
        out.append("{\"status\":\"END\",\"id\":\"").append(xid).append(':').append(lsn);
        out.append("\",\"event_count\":").append(events).append(",\"data_collections\":[");
        String separator = "";
        for (Map.Entry<BenchTable, Integer> count : counts.entrySet()) {
            out.append(separator)
                    .append("{\"data_collection\":\"")
                    .append(count.getKey().qualifiedName());
            out.append("\",\"event_count\":").append(count.getValue()).append('}');
            separator = ",";
        }
        return out.append("],\"ts_ms\":").append(micros / 1_000).append('}').toString();
    }

    private String key(RowChange change) {
        out.setLength(0);
        members(
                change.table(),
                change.row(),
                change.table().keyColumns(),
                change.table().keyColumns());
        return out.toString();
    }

    private String value(RowChange change, long lastCommit, int totalOrder, int orderInTable) {
        BenchTable table = change.table();
        int columns = table.columns().size();
        out.setLength(0);
        out.append("{\"before\":");
        if (change.operation() == RowChange.Operation.DELETE) {
            members(table, change.row(), table.keyColumns(), columns);
            out.append(",\"after\":null");
        } else {
            out.append("null,\"after\":");
            members(table, change.row(), columns, columns);
        }
        out.append(",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\"")
                .append(prefix);
        out.append("\",\"ts_ms\":").append(micros / 1_000).append(",\"snapshot\":null,\"db\":\"bench\",\"sequence\":");
        out.append("\"[\\\"").append(lastCommit).append("\\\",\\\"").append(lsn).append("\\\"]\",\"ts_us\":");
        out.append(micros)
                .append(",\"ts_ns\":")
                .append(micros)
                .append("000,\"schema\":\"")
                .append(BenchTable.SCHEMA);
        out.append("\",\"table\":\"")
                .append(table.name())
                .append("\",\"txId\":")
                .append(xid)
                .append(",\"lsn\":");
        out.append(lsn).append(",\"xmin\":null,\"origin\":null,\"origin_lsn\":null},\"transaction\":{\"id\":\"");
        out.append(xid).append(':').append(lsn).append("\",\"total_order\":").append(totalOrder);
        out.append(",\"data_collection_order\":").append(orderInTable).append("},\"op\":\"");
        out.append(
                switch (change.operation()) {
                    case INSERT -> 'c';
                    case UPDATE -> 'u';
                    case DELETE -> 'd';
                });
        out.append("\",\"ts_ms\":")
                .append(micros / 1_000 + 37)
                .append(",\"ts_us\":")
                .append(micros + 37_123);
        out.append(",\"ts_ns\":").append(micros + 37_123).append("456}");
        return out.toString();
    }

    /** @param filled columns behind these are null, as the log does not have them */
    private void members(BenchTable table, String[] row, int filled, int count) {
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "{\"" : ",\"")
                    .append(table.columns().get(i).name())
                    .append("\":");
            table.columns().get(i).kind().appendJson(i < filled ? row[i] : null, out);
        }
        out.append('}');
    }
}

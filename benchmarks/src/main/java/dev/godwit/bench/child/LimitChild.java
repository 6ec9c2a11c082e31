package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.History;
import dev.godwit.bench.workload.RowChange;
import dev.godwit.bench.workload.Workload;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.RowWrite;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What plain JDBC could do at best with our statements: the last change of each key of the whole history, already in
 * memory and in order, deletes children first, then upserts parents first, {@value #BATCH_ROWS} rows per statement
 * and transaction, on one connection.
 */
final class LimitChild implements Parent.Work {
    private static final int BATCH_ROWS = 2_000;

    private final Map<BenchTable, List<String[]>> upserts = new LinkedHashMap<>();
    private final Map<BenchTable, List<String[]>> deletes = new LinkedHashMap<>();
    private Database target;

    private LimitChild() {}

    public static void main(String[] arguments) {
        Parent.serve(new LimitChild());
    }

    static ObjectNode settings(Workload workload, long changes, long seed, String targetUrl) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("workload", workload.name())
                .put("changes", changes)
                .put("seed", seed)
                .put("target", targetUrl);
    }

    /** @return how many rows it will write */
    @Override
    public String prepare(JsonNode settings) {
        target = Database.connect(
                "target", DatabaseUrl.parse("target", settings.get("target").asText()));
        History history = Workload.valueOf(settings.get("workload").asText())
                .history(settings.get("changes").asLong(), settings.get("seed").asLong());
        Map<BenchTable, Map<List<String>, RowChange>> last = new LinkedHashMap<>();
        history.tables().forEach(table -> last.put(table, new LinkedHashMap<>()));
        for (List<RowChange> transaction = history.next(); transaction != null; transaction = history.next()) {
            for (RowChange change : transaction) {
                Map<List<String>, RowChange> ofTable = last.get(change.table());
                ofTable.remove(change.key()); // put again at the end: the order is that of the last change
                ofTable.put(change.key(), change);
            }
        }
        long rows = 0;
        for (Map.Entry<BenchTable, Map<List<String>, RowChange>> table : last.entrySet()) {
            for (RowChange change : table.getValue().values()) {
                boolean delete = change.operation() == RowChange.Operation.DELETE;
                (delete ? deletes : upserts)
                        .computeIfAbsent(table.getKey(), key -> new ArrayList<>())
                        .add(change.row());
                rows++;
            }
        }
        last.clear();
        System.gc();
        return Long.toString(rows);
    }

    @Override
    public void run() throws SQLException {
        Catalog catalog = target.catalog();
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            List<BenchTable> childrenFirst = new ArrayList<>(deletes.keySet());
            Collections.reverse(childrenFirst);
            for (BenchTable table : childrenFirst) {
                Table written = catalog.table(table.tableName()).orElseThrow();
                write(connection, target.dialect().delete(written, Optional.empty()), deletes.get(table));
            }
            for (BenchTable table : upserts.keySet()) {
                Table written = catalog.table(table.tableName()).orElseThrow();
                write(connection, target.dialect().upsert(written, written.writableColumns()), upserts.get(table));
            }
        }
    }

    private static void write(Connection connection, RowWrite write, List<String[]> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += BATCH_ROWS) {
            write.execute(connection, rows.subList(from, Math.min(rows.size(), from + BATCH_ROWS)));
            connection.commit();
        }
    }
}

package dev.godwit.fetch.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.Mismatch;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one JSON object per line, with the messages and fields that MOLT Fetch documents. Without files, export and import of a table go hand in hand, so both durations are
 * the same.
 */
public class JsonReport implements FetchListener {
    private final ObjectMapper mapper = new ObjectMapper();
    private final PrintWriter out;
    private final Clock clock;
    private final Map<TableName, Duration> exports = new HashMap<>();
    private String cdcCursor = "";
    private String fetchId = "";

    public JsonReport(PrintWriter out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    private ObjectNode event(String level) {
        return mapper.createObjectNode().put("level", level);
    }

    private void write(ObjectNode event, String message) {
        event.put(
                "time",
                OffsetDateTime.now(clock)
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString());
        event.put("message", message);
        print(event.get("level").asText(), event.toString());
    }

    /** The lines go wherever this puts them. */
    void print(String level, String line) {
        out.println(line);
        out.flush();
    }

    private static void put(ObjectNode event, String name, Duration elapsed) {
        event.put(name + "_ms", elapsed.toNanos() / 1e6);
        event.put(name, Amounts.moltTime(elapsed));
    }

    @Override
    public void loadNamed(String name) {
        fetchId = name;
    }

    @Override
    public void mismatch(Mismatch mismatch) {
        write(
                event(mismatch.stops() ? "error" : "warn")
                        .put("table", mismatch.table().toString())
                        .put("mismatch_tag", mismatch.tag())
                        .put("failable_mismatch", mismatch.stops()),
                mismatch.message());
    }

    @Override
    public void warned(String message) {
        write(event("warn"), message);
    }

    @Override
    public void informed(String message) {
        write(event("info"), message);
    }

    @Override
    public void waitingForTransactions(List<String> transactions) {
        ObjectNode event = event("warn");
        transactions.forEach(event.putArray("transactions")::add);
        write(event, "waiting for open transactions on source");
    }

    @Override
    public void loadStarted(String cursor, Map<TableName, Long> rowsEstimated) {
        cdcCursor = cursor;
        write(
                event("info")
                        .put("type", "summary")
                        .put("fetch_id", fetchId)
                        .put("num_tables", rowsEstimated.size())
                        .put("cdc_cursor", cursor),
                "starting fetch");
    }

    @Override
    public void exportStarted(TableName table) {
        write(event("info").put("table", table.toString()), "data extraction phase starting");
        exports.put(table, Duration.ZERO);
    }

    @Override
    public void tableExported(TableName table, long rows, long bytes, Duration elapsed) {
        exports.put(table, elapsed);
        ObjectNode exported = event("info")
                .put("table", table.toString())
                .put("type", "summary")
                .put("num_rows", rows);
        put(exported, "export_duration", elapsed);
        write(exported, "data extraction from source complete");
    }

    @Override
    public void importStarted(Map<TableName, Long> rows) {
        rows.keySet().forEach(table -> exports.putIfAbsent(table, Duration.ZERO));
    }

    @Override
    public void tableStarted(TableName table) {
        if (!exports.containsKey(table)) {
            exportStarted(table);
            exports.remove(table);
        }
        write(event("info").put("table", table.toString()), "starting data import on target");
    }

    @Override
    public void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
        Duration export = exports.get(table);
        if (export == null) {
            tableExported(table, rows, bytes, elapsed);
            export = elapsed;
        }
        ObjectNode imported = event("info").put("table", table.toString()).put("type", "summary");
        boolean direct = export.equals(elapsed);
        put(imported, "net_duration", direct ? elapsed : elapsed.plus(export));
        put(imported, "import_duration", elapsed);
        put(imported, "export_duration", export);
        imported.put("num_rows", rows).put("num_bytes", bytes).put("cdc_cursor", cdcCursor);
        write(imported, "data import on target for table complete");
    }

    @Override
    public void loadComplete(FetchResult result) {
        ObjectNode event = event("info")
                .put("type", "summary")
                .put("fetch_id", fetchId)
                .put("num_tables", result.rows().size());
        ArrayNode tables = event.putArray("tables");
        result.rows().keySet().forEach(table -> tables.add(table.toString()));
        event.put("num_rows", result.rowsTotal())
                .put("num_bytes", result.bytes())
                .put("cdc_cursor", result.cdcCursor());
        put(event, "net_duration", result.elapsed());
        write(event, "fetch complete");
    }
}

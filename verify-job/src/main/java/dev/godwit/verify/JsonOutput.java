package dev.godwit.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.ColumnDifference;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * One JSON object per line, with the messages and the field names that MOLT Verify's documentation shows, so that what reads those reads these; a
 * few fields are our own ({@code columns}, {@code result}). Thread-safe.
 */
final class JsonOutput implements VerifyOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final boolean showValues;

    JsonOutput(PrintWriter out, boolean showValues) {
        this.out = out;
        this.showValues = showValues;
    }

    @Override
    public void started(List<TablePair> pairs) {
        write(line("info"), "verification in progress");
    }

    @Override
    public void structureCompared(List<StructureDifference> differences) {
        for (StructureDifference difference : differences) {
            ObjectNode line = table(line("warn").put("type", "structure"), difference.table());
            if (difference.column() != null) {
                line.put("column_name", difference.column());
            }
            write(line.put("mismatch_info", difference.message()), message(difference));
        }
    }

    @Override
    public void structureWarned(List<StructureDifference> warnings) {
        for (StructureDifference warning : warnings) {
            ObjectNode line = table(line("warn").put("type", "structure_warning"), warning.table());
            if (warning.column() != null) {
                line.put("column_name", warning.column());
            }
            write(line.put("mismatch_info", warning.message()), "structure differs without changing rows");
        }
    }

    private static String message(StructureDifference difference) {
        if (difference.column() != null) {
            return "mismatching column definition";
        }
        return switch (difference.message()) {
            case StructureCheck.MISSING_ON_TARGET -> "missing table detected";
            case StructureCheck.MISSING_ON_SOURCE -> "extraneous table detected";
            default -> "mismatching table definition";
        };
    }

    @Override
    public void tableStarted(TableName table) {
        write(line("info"), "starting verify on " + table + ", shard 1/1");
    }

    @Override
    public void tableFinished(TableReport report) {
        report.firstDifferences()
                .forEach(difference ->
                        write(row(report.table(), difference), difference.kind().words()));
        report.notCompared()
                .ifPresent(reason -> write(
                        table(line("warn"), report.table()).put("reason", reason),
                        "rows of " + report.table() + " not compared"));
        ObjectNode line = counts(table(line("info").put("type", "summary"), report.table()), report.counts());
        report.liveWait().ifPresent(waited -> line.put("live_wait_ms", waited.toMillis()));
        write(line, "finished row verification on " + report.table() + " (shard 1/1)");
    }

    private ObjectNode row(TableName table, RowDifference difference) {
        ObjectNode line = table(line("warn").put("type", "data"), table);
        if (showValues && !difference.columns().isEmpty()) {
            ObjectNode source = line.putObject("source_values");
            ObjectNode target = line.putObject("target_values");
            for (ColumnDifference column : difference.columns()) {
                source.put(column.column(), column.sourceValue());
                target.put(column.column(), column.targetValue());
            }
        }
        difference.columnNames().forEach(line.withArray("columns")::add);
        difference.key().values().forEach(line.putArray("primary_key")::add);
        return line;
    }

    @Override
    public void finished(VerifyReport report) {
        ObjectNode line = counts(line("info"), report.totals());
        line.put("result", report.isEqual() ? "equal" : "different");
        line.put("net_duration_ms", report.duration().toNanos() / 1e6);
        line.put("net_duration", clock(report.duration()));
        write(line, "verification complete");
    }

    private static String clock(Duration duration) {
        return String.format(
                Locale.ROOT,
                "%03dh %02dm %02ds",
                duration.toHours(),
                duration.toMinutesPart(),
                duration.toSecondsPart());
    }

    private static ObjectNode counts(ObjectNode line, RowCounts counts) {
        return line.put("num_truth_rows", counts.truthRows())
                .put("num_success", counts.success())
                .put("num_conditional_success", counts.conditionalSuccess())
                .put("num_missing", counts.missing())
                .put("num_mismatch", counts.mismatch())
                .put("num_extraneous", counts.extraneous())
                .put("num_live_retry", counts.liveRetry())
                .put("num_column_mismatch", counts.columnMismatch());
    }

    private static ObjectNode line(String level) {
        return JSON.createObjectNode().put("level", level);
    }

    private static ObjectNode table(ObjectNode line, TableName table) {
        return line.put("table_schema", table.schema()).put("table_name", table.name());
    }

    private void write(ObjectNode line, String message) {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
        line.put("time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now)).put("message", message);
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}

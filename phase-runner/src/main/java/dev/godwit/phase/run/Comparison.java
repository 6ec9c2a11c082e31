package dev.godwit.phase.run;

import dev.godwit.database.catalog.TableName;
import dev.godwit.phase.log.Evidence;
import dev.godwit.verify.RowDifference;
import dev.godwit.verify.TableReport;
import dev.godwit.verify.VerifyJob;
import dev.godwit.verify.VerifyListener;
import dev.godwit.verify.VerifyReport;
import dev.godwit.verify.VerifyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Compares the slices of both sides, and puts the outcome into words. */
final class Comparison {
    private static final int NAMED_MAX = 5;

    private final VerifyReport report;

    private Comparison(VerifyReport report) {
        this.report = report;
    }

    /** @param sourceSnapshot the snapshot to read the source at; empty for its present state */
    static Comparison run(PhaseContext context, Attempt attempt, Optional<String> sourceSnapshot) {
        VerifyRequest request = new VerifyRequest(
                context.source,
                context.target,
                context.slices(),
                context.file.verify().concurrency(),
                VerifyRequest.DEFAULT_ROW_BATCH_SIZE,
                VerifyRequest.DEFAULT_DIFFERENCES_LISTED,
                sourceSnapshot);
        Map<TableName, Long> rows = new ConcurrentHashMap<>();
        return new Comparison(VerifyJob.run(request, new VerifyListener() {
            @Override
            public void progress(TableName table, long truthRows) {
                rows.put(table, truthRows);
                long sum = rows.values().stream().mapToLong(Long::longValue).sum();
                attempt.progressed("rows", sum, sum);
            }
        }));
    }

    boolean isEqual() {
        return report.isEqual();
    }

    boolean isStructureEqual() {
        return report.structure().isEmpty()
                && report.tables().stream()
                        .allMatch(table -> table.notCompared().isEmpty());
    }

    Evidence evidence() {
        return Evidence.of("num_truth_rows", report.totals().truthRows())
                .with("num_success", report.totals().success())
                .with("num_missing", report.totals().missing())
                .with("num_mismatch", report.totals().mismatch())
                .with("num_extraneous", report.totals().extraneous())
                .with("num_column_mismatch", report.totals().columnMismatch())
                .with("ms", report.duration().toMillis());
    }

    /** One line with the first differences. Keys, but no other values. */
    String differences() {
        List<String> words = new ArrayList<>();
        report.structure().forEach(difference -> words.add(difference.toString()));
        for (TableReport table : report.tables()) {
            table.notCompared().ifPresent(reason -> words.add(table.table() + " was not compared: " + reason));
            for (RowDifference difference : table.firstDifferences()) {
                words.add(difference.kind().words() + " in " + table.table() + " " + difference.key());
            }
        }
        int more = words.size() - NAMED_MAX;
        long rows = report.totals().differingRows();
        return rows + " rows differ: " + String.join("; ", words.subList(0, Math.min(NAMED_MAX, words.size())))
                + (more > 0 ? "; and more" : "");
    }
}

package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome for the rows of one table.
 *
 * @param firstDifferences the first differing rows in key order, at most {@link VerifyRequest#differencesListedMax()}
 * @param notCompared why the rows could not be compared at all; then every count is zero, and the table counts as different
 * @param liveWait how long it waited for the consistent point to check differences again; empty where replication does not run
 * @param ranges in how many key ranges its rows were compared
 */
public record TableReport(
        TableName table,
        RowCounts counts,
        List<RowDifference> firstDifferences,
        Optional<String> notCompared,
        Optional<Duration> liveWait,
        int ranges) {
    public TableReport {
        firstDifferences = List.copyOf(firstDifferences);
    }

    TableReport(TableName table, RowCounts counts, List<RowDifference> firstDifferences, Optional<String> notCompared) {
        this(table, counts, firstDifferences, notCompared, Optional.empty(), 0);
    }

    /** With what checking again has left. */
    TableReport recounted(RowCounts settled, List<RowDifference> differences, Optional<Duration> waited) {
        return new TableReport(table, settled, differences, notCompared, waited, ranges);
    }

    static TableReport notCompared(TableName table, String reason) {
        return new TableReport(table, RowCounts.NONE, List.of(), Optional.of(reason));
    }

    /** Whether every row was compared in every column and found equal. */
    public boolean isEqual() {
        return notCompared.isEmpty() && counts.differingRows() == 0 && counts.columnMismatch() == 0;
    }

    public long truthRows() {
        return counts.truthRows();
    }

    public long success() {
        return counts.success();
    }

    public long missing() {
        return counts.missing();
    }

    public long mismatch() {
        return counts.mismatch();
    }

    public long extraneous() {
        return counts.extraneous();
    }

    public long columnMismatch() {
        return counts.columnMismatch();
    }
}

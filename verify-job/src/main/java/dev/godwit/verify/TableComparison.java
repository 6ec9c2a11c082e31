package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the rows of one table: merges two streams in key order. Holds one row of each side, and the differences to list. */
final class TableComparison {
    private static final int ROWS_PER_PROGRESS = 5_000;

    private final VerifyRequest request;
    private final TablePlan plan;
    private final VerifyListener listener;
    private final StopSignal stop;
    private final List<RowDifference> first = new ArrayList<>();
    private long truthRows;
    private long equal;
    private long missing;
    private long mismatch;
    private long extraneous;

    TableComparison(VerifyRequest request, TablePlan plan, VerifyListener listener, StopSignal stop) {
        this.request = request;
        this.plan = plan;
        this.listener = listener;
        this.stop = stop;
    }

    TableReport run() throws SQLException {
        try (RowStream source = open(true);
                RowStream target = open(false)) {
            source.advance();
            target.advance();
            while (source.hasRow() || target.hasRow()) {
                stop.check();
                step(source, target);
            }
        }
        boolean whole = plan.columnMismatch() == 0;
        RowCounts counts = new RowCounts(
                truthRows, whole ? equal : 0, whole ? 0 : equal, missing, mismatch, extraneous, plan.columnMismatch());
        return new TableReport(table(), counts, first, Optional.empty());
    }

    private RowStream open(boolean source) throws SQLException {
        Database database = source ? request.source() : request.target();
        return RowStream.open(
                database,
                source ? request.sourceSnapshot() : Optional.empty(),
                source ? plan.sourceSql(database) : plan.targetSql(database),
                plan,
                request.rowBatchSize(),
                stop);
    }

    private void step(RowStream source, RowStream target) throws SQLException {
        int order = !source.hasRow() ? 1 : !target.hasRow() ? -1 : source.key().compareTo(target.key());
        if (order > 0) {
            extraneous++;
            differs(Kind.EXTRANEOUS, target.keyValues(), List.of());
            target.advance();
            return;
        }
        truthRows++;
        if (order < 0) {
            missing++;
            differs(Kind.MISSING, source.keyValues(), List.of());
        } else {
            List<ColumnDifference> columns = compare(source, target);
            if (columns.isEmpty()) {
                equal++;
            } else {
                mismatch++;
                differs(Kind.MISMATCH, source.keyValues(), columns);
            }
            target.advance();
        }
        source.advance();
        if (truthRows % ROWS_PER_PROGRESS == 0) {
            listener.progress(table(), truthRows);
        }
    }

    private List<ColumnDifference> compare(RowStream source, RowStream target) {
        List<ColumnDifference> differences = List.of();
        for (int i = 0; i < plan.columns().size(); i++) {
            ComparedColumn column = plan.columns().get(i);
            if (!column.rule().equal(source.value(i), target.value(i))) {
                differences = differences.isEmpty() ? new ArrayList<>() : differences;
                differences.add(new ColumnDifference(column.name(), source.value(i), target.value(i)));
            }
        }
        return differences;
    }

    private void differs(Kind kind, Map<String, String> key, List<ColumnDifference> columns) {
        RowDifference difference = new RowDifference(kind, key, columns);
        if (first.size() < request.differencesListedMax()) {
            first.add(difference);
        }
        listener.rowDiffers(table(), difference);
    }

    private TableName table() {
        return plan.table();
    }
}

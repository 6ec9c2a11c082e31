package dev.godwit.verify;

import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares rows value by value: merges two streams in key order. Holds one row of each side. */
final class RowComparison {
    private static final int ROWS_PER_PROGRESS = 5_000;

    private final TablePlan plan;
    private final RangeResult result;
    private final RowRate rate;
    private final StopSignal stop;
    private final Tally tally = new Tally();
    private long rowsUnpaid;

    RowComparison(TablePlan plan, RangeResult result, RowRate rate, StopSignal stop) {
        this.plan = plan;
        this.result = result;
        this.rate = rate;
        this.stop = stop;
    }

    /** Tells all differences and counts to the result. */
    void run(RowStream source, RowStream target) throws SQLException {
        source.advance();
        target.advance();
        while (source.hasRow() || target.hasRow()) {
            stop.check();
            step(source, target);
            if (++rowsUnpaid == ROWS_PER_PROGRESS) {
                pay();
            }
        }
        pay();
    }

    private void pay() {
        result.add(tally);
        tally.clear();
        rate.read(rowsUnpaid, stop);
        rowsUnpaid = 0;
    }

    private void step(RowStream source, RowStream target) throws SQLException {
        int order = !source.hasRow() ? 1 : !target.hasRow() ? -1 : source.key().compareTo(target.key());
        if (order > 0) {
            tally.extraneous++;
            differs(Kind.EXTRANEOUS, target.keyValues(), List.of());
            target.advance();
            return;
        }
        tally.truthRows++;
        if (order < 0) {
            tally.missing++;
            differs(Kind.MISSING, source.keyValues(), List.of());
        } else {
            List<ColumnDifference> columns = compare(source, target);
            if (columns.isEmpty()) {
                tally.equal++;
            } else {
                tally.mismatch++;
                differs(Kind.MISMATCH, source.keyValues(), columns);
            }
            target.advance();
        }
        source.advance();
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
        result.differs(new RowDifference(kind, key, columns));
    }
}

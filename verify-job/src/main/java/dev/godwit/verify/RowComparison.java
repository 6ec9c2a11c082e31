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
            if (source.hasSameBytes(target)) {
                tally.addEqual(1);
                source.advance();
                target.advance();
            } else {
                step(source, target);
            }
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
        // Both are asked for their keys, also where one is at its end: this is what looks at the order.
        RowKey here = source.hasRow() ? source.key() : null;
        RowKey there = target.hasRow() ? target.key() : null;
        int order = here == null ? 1 : there == null ? -1 : here.compareTo(there);
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

    private List<ColumnDifference> compare(RowStream source, RowStream target) throws SQLException {
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

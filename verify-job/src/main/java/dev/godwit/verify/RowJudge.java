package dev.godwit.verify;

import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts one row of each side against each other. */
final class RowJudge {
    private final TablePlan plan;

    RowJudge(TablePlan plan) {
        this.plan = plan;
    }

    /**
     * In what the two sides differ for this key; empty if they do not.
     *
     * @param source null if the source has no such row
     * @param target null if the target has no such row
     */
    Optional<RowDifference> difference(List<String> key, KeyedRow source, KeyedRow target) {
        if (source == null || target == null) {
            return source == target
                    ? Optional.empty()
                    : Optional.of(new RowDifference(
                            source == null ? Kind.EXTRANEOUS : Kind.MISSING, plan.namedKey(key), List.of()));
        }
        List<ColumnDifference> columns = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
            ComparedColumn column = plan.columns().get(i);
            if (!column.rule().equal(source.value(i), target.value(i))) {
                columns.add(new ColumnDifference(column.name(), source.value(i), target.value(i)));
            }
        }
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new RowDifference(Kind.MISMATCH, plan.namedKey(source.key(plan)), columns));
    }
}

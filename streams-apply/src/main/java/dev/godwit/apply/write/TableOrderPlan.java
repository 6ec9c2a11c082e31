package dev.godwit.apply.write;

import dev.godwit.database.catalog.ForeignKeyOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The usual order: deletes children first, then upserts parents first. It looks at tables only, so it is cheap;
 * where rows of one batch stand in each other's way (a child leaves a parent that goes, a unique value changes
 * hands), the database refuses it and {@link RowOrderPlan} has to find an order.
 */
final class TableOrderPlan {
    private final Statements statements;
    private final ForeignKeyOrder order;

    TableOrderPlan(Statements statements, ForeignKeyOrder order) {
        this.statements = statements;
        this.order = order;
    }

    List<WriteStep> steps(FoldedBatch batch) {
        List<WriteStep> steps = new ArrayList<>();
        order.childrenFirst().stream().map(batch::table).forEach(table -> {
            if (table != null) {
                if (table.truncate() != null) {
                    steps.add(statements.truncate(table.truncate()));
                }
                statements.deletes(table.table(), table.changes()).ifPresent(steps::add);
            }
        });
        order.parentsFirst().stream().map(batch::table).forEach(table -> {
            if (table != null) {
                steps.addAll(statements.upserts(table.table(), table.changes()));
            }
        });
        return steps;
    }
}

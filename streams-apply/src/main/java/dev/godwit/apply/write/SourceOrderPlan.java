package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Change by change, as the source made them: slow, but where the source has the same constraints, it has got through
 * with that order. For what no other plan can order: values that go round in a circle by way of a third one.
 */
final class SourceOrderPlan {
    private final Statements statements;

    SourceOrderPlan(Statements statements) {
        this.statements = statements;
    }

    /** A changefeed does not tell the order within a transaction; a moved row may have to be completed first. */
    boolean isPossible(Batch batch) {
        return !(batch.last() instanceof HybridTimestamp)
                && batch.transactions().stream()
                        .flatMap(transaction -> transaction.changes().stream())
                        .allMatch(change -> change.movedFrom() == null);
    }

    List<WriteStep> steps(Batch batch) {
        List<WriteStep> steps = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            for (Change change : transaction.changes()) {
                if (change.operation() == Operation.TRUNCATE) {
                    steps.add(statements.truncate(change));
                } else {
                    steps.addAll(statements.steps(change.table(), List.of(change)));
                }
            }
        }
        return steps;
    }
}

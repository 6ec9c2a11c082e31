package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of a batch in the order graph of {@link RowOrderPlan}: what its constrained columns hold now and will
 * hold afterwards, in the database's own text, so that equal means equal.
 */
final class RowNode {
    private final Change change;
    private final boolean exists;
    private final Map<String, String> before;
    private final Map<String, String> after;
    private final Set<RowNode> waitsFor = new HashSet<>();

    RowNode(Change change, boolean exists, Map<String, String> before, Map<String, String> after) {
        this.change = change;
        this.exists = exists;
        this.before = before;
        this.after = after;
    }

    /** The same change where no row stands under its key any more. */
    RowNode asNew() {
        return new RowNode(change, false, Map.of(), after);
    }

    Change change() {
        return change;
    }

    boolean exists() {
        return exists;
    }

    /**
     * The values that the row holds now; null if there is no row, or one of them is NULL (which constrains
     * nothing).
     */
    List<String> before(List<String> columns) {
        return exists ? values(before, columns) : null;
    }

    /** The values that the row will hold; null if it goes, or one of them is NULL. */
    List<String> after(List<String> columns) {
        return change.operation() == Operation.DELETE ? null : values(after, columns);
    }

    private static List<String> values(Map<String, String> row, List<String> columns) {
        if (columns.stream().anyMatch(column -> row.get(column) == null)) {
            return null;
        }
        return columns.stream().map(row::get).toList();
    }

    void waitFor(RowNode other) {
        if (other != this) {
            waitsFor.add(other);
        }
    }

    Set<RowNode> waitsFor() {
        return waitsFor;
    }
}

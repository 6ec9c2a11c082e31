package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import java.util.Collections;
import java.util.HashMap;
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
    private final Set<RowNode> values = new HashSet<>();
    private final Map<RowNode, Set<ForeignKey>> parents = new HashMap<>();
    private final Map<RowNode, Set<ForeignKey>> children = new HashMap<>();

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

    /** Whether a foreign key of the row, as it is now, names the row itself. */
    boolean refersToItself(Catalog catalog) {
        return catalog.foreignKeys().stream()
                .filter(key -> key.isSelfReference()
                        && key.child().equals(change.table().name()))
                .anyMatch(key -> before(key.childColumns()) != null
                        && before(key.childColumns()).equals(before(key.parentColumns())));
    }

    /** The other one has a unique value that this one takes. */
    void waitForValue(RowNode other) {
        if (other != this) {
            values.add(other);
        }
    }

    /** The other one brings the key that this one refers to. */
    void waitForParent(RowNode other, ForeignKey key) {
        if (other != this) {
            parents.computeIfAbsent(other, node -> new HashSet<>()).add(key);
        }
    }

    /** The other one refers to this one, which goes. */
    void waitForChild(RowNode other, ForeignKey key) {
        if (other != this) {
            children.computeIfAbsent(other, node -> new HashSet<>()).add(key);
        }
    }

    /** Whether nothing that is still to be written has to be written before. */
    boolean isReady(Set<RowNode> open) {
        return Collections.disjoint(open, values)
                && Collections.disjoint(open, parents.keySet())
                && Collections.disjoint(open, children.keySet());
    }

    /** Those whose unique values it takes. */
    Set<RowNode> values() {
        return values;
    }

    /** Those whose new keys it refers to, and by which foreign keys. */
    Map<RowNode, Set<ForeignKey>> parents() {
        return parents;
    }

    /** Those that have to leave it, and by which foreign keys they refer to it. */
    Map<RowNode, Set<ForeignKey>> children() {
        return children;
    }

    boolean waitsFor(RowNode other) {
        return values.contains(other) || parents.containsKey(other) || children.containsKey(other);
    }

    /** It need not wait for the other one any more. */
    void forget(RowNode other) {
        values.remove(other);
        parents.remove(other);
        children.remove(other);
    }
}

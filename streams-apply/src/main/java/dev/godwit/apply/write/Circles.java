package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.UniqueKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ways out where rows wait for each other in a circle, the cheapest first:
 *
 * <ul>
 *   <li>rows of one table that refer to each other go by one statement, after which the database looks at them;
 *   <li>a row gives up its unique value: by NULL where the column takes it, or by being deleted where no foreign key
 *       refers to its table;
 *   <li>a row is written without its parent, if that column takes NULL, and gets it later;
 *   <li>a row that goes leaves its parent first, if that column takes NULL.
 * </ul>
 *
 * Where none of them is open, the batch is refused.
 */
final class Circles {
    private final Statements statements;
    private final Catalog catalog;

    Circles(Statements statements, Catalog catalog) {
        this.statements = statements;
        this.catalog = catalog;
    }

    /**
     * Adds a step by which at least one of the rows has to wait for less, and tells them.
     *
     * @param open all of them wait for some other
     * @throws NoOrderException if there is no such step
     */
    void breakOne(Set<RowNode> open, List<WriteStep> steps) {
        for (RowNode node : open) {
            boolean awaited = open.stream().anyMatch(other -> other.waitsFor(node));
            if (awaited
                    && (together(node, open, steps)
                            || giveUpValue(node, open, steps)
                            || writeWithoutParents(node, open, steps)
                            || leaveParents(node, open, steps))) {
                return;
            }
        }
        throw new NoOrderException(
                "no order of statements keeps every unique and foreign key of the target while applying "
                        + open.iterator().next().change()
                        + ": rows swap values in a circle. Make the constraint deferrable on the target, or drop it until cut-over");
    }

    /** The row and all that it waits for, if they are rows of one table, and do the same, and only refer to each other. */
    private boolean together(RowNode node, Set<RowNode> open, List<WriteStep> steps) {
        if (statements.dialect().checksForeignKeysByRow()) {
            return false;
        }
        Set<RowNode> circle = new LinkedHashSet<>();
        Deque<RowNode> next = new ArrayDeque<>(List.of(node));
        while (!next.isEmpty()) {
            RowNode one = next.poll();
            boolean fits =
                    one.change().table().name().equals(node.change().table().name())
                            && one.change().operation() == node.change().operation()
                            && one.values().stream().noneMatch(open::contains)
                            && isOneStatement(one.change(), node.change());
            if (!fits) {
                return false;
            }
            if (circle.add(one)) {
                one.parents().keySet().stream().filter(open::contains).forEach(next::add);
                one.children().keySet().stream().filter(open::contains).forEach(next::add);
            }
        }
        steps.addAll(statements.steps(
                node.change().table(), circle.stream().map(RowNode::change).toList()));
        open.removeAll(circle);
        return true;
    }

    private static boolean isOneStatement(Change change, Change other) {
        return change.operation() == Operation.DELETE
                || change.after().writableColumns().equals(other.after().writableColumns());
    }

    private boolean giveUpValue(RowNode node, Set<RowNode> open, List<WriteStep> steps) {
        boolean holdsValue = open.stream().anyMatch(other -> other.values().contains(node));
        if (!holdsValue || !node.exists() || node.change().operation() != Operation.UPSERT) {
            return false;
        }
        Table table = node.change().table();
        Set<String> columns = new TreeSet<>();
        for (UniqueKey key : table.uniqueKeys()) {
            if (!key.columns().isEmpty() && node.before(key.columns()) != null) {
                key.columns().stream()
                        .filter(column -> takesNull(table, column))
                        .findFirst()
                        .ifPresent(columns::add);
            }
        }
        if (!columns.isEmpty()) {
            steps.add(setNull(node.change(), columns));
            open.forEach(other -> other.values().remove(node));
            return true;
        }
        boolean referredTo =
                catalog.foreignKeys().stream().anyMatch(key -> key.parent().equals(table.name()));
        if (referredTo || node.change().after().isPartial()) {
            return false;
        }
        Change delete = node.change().withOperation(Operation.DELETE);
        statements.deletes(table, List.of(delete)).ifPresent(steps::add);
        open.forEach(other -> other.forget(node));
        return true;
    }

    /** All others may go on as if the row were written; itself, it stays open until its parents are there. */
    private boolean writeWithoutParents(RowNode node, Set<RowNode> open, List<WriteStep> steps) {
        boolean onlyParents = node.change().operation() == Operation.UPSERT
                && node.values().stream().noneMatch(open::contains)
                && node.children().keySet().stream().noneMatch(open::contains);
        if (!onlyParents) {
            return false;
        }
        Table table = node.change().table();
        Set<String> columns = new TreeSet<>();
        for (RowNode parent : node.parents().keySet()) {
            if (open.contains(parent) && !addNullable(table, node.parents().get(parent), columns)) {
                return false;
            }
        }
        Row after = node.change().after();
        Row orphan = after.ofSameTable();
        columns.forEach(column -> orphan.set(table.columns().indexOf(table.requireColumn(column)), null));
        Change parentless =
                node.change().withAfter(orphan.over(after), node.change().movedFrom());
        steps.addAll(statements.upserts(table, List.of(parentless)));
        open.forEach(other -> other.forget(node));
        return true;
    }

    private boolean leaveParents(RowNode node, Set<RowNode> open, List<WriteStep> steps) {
        // A row that the slice's filter would spare from being deleted must be spared from this too.
        if (!node.exists() || !statements.isSurelyOurs(node.change())) {
            return false;
        }
        List<RowNode> left = new ArrayList<>();
        Set<String> columns = new TreeSet<>();
        for (RowNode parent : open) {
            Set<ForeignKey> keys = parent.children().get(node);
            if (keys != null && addNullable(node.change().table(), keys, columns)) {
                left.add(parent);
            }
        }
        if (left.isEmpty()) {
            return false;
        }
        steps.add(setNull(node.change(), columns));
        left.forEach(parent -> parent.children().remove(node));
        return true;
    }

    /** A row that goes may refer to itself, which a database that checks row by row does not let go. */
    void leaveThemselves(Collection<RowNode> nodes, List<WriteStep> steps) {
        for (RowNode node : nodes) {
            Set<String> columns = new TreeSet<>();
            statements.ownParents().of(node.change().table()).forEach(column -> columns.add(column.name()));
            if (!columns.isEmpty()
                    && node.exists()
                    && node.change().operation() == Operation.DELETE
                    && node.refersToItself(catalog)
                    && statements.isSurelyOurs(node.change())) {
                steps.add(setNull(node.change(), columns));
            }
        }
    }

    /** One column that takes NULL for each of the keys; false if one has none. */
    private static boolean addNullable(Table table, Collection<ForeignKey> keys, Set<String> columns) {
        for (ForeignKey key : keys) {
            String nullable = key.childColumns().stream()
                    .filter(column -> takesNull(table, column))
                    .findFirst()
                    .orElse(null);
            if (nullable == null) {
                return false;
            }
            columns.add(nullable);
        }
        return true;
    }

    private static boolean takesNull(Table table, String column) {
        return table.requireColumn(column).nullable()
                && table.requireColumn(column).isWritable();
    }

    private WriteStep setNull(Change change, Set<String> nullColumns) {
        Table table = change.table();
        List<Column> columns = new ArrayList<>(table.primaryKeyColumns());
        nullColumns.forEach(name -> columns.add(table.requireColumn(name)));
        String[] row = new String[columns.size()];
        System.arraycopy(change.key().toArray(), 0, row, 0, table.primaryKey().size());
        return new WriteStep(statements.update(table, columns), List.<String[]>of(row), List.of(change), true);
    }
}

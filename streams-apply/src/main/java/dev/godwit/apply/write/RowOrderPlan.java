package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An order for the rows of a batch in which every constraint holds after every statement. It asks the target what
 * the rows hold now, and then:
 *
 * <ul>
 *   <li>who frees a unique value goes before who takes it;
 *   <li>who brings a parent key goes before the children that name it;
 *   <li>children that leave a parent key go before the parent that gives it up.
 * </ul>
 *
 * Rows go in waves, each wave by one statement for each table and kind. Where rows wait for each other in a circle (two
 * swap a unique value, two refer to each other), {@link Circles} finds a way out.
 */
final class RowOrderPlan {
    private final Statements statements;
    private final Catalog catalog;
    private final ForeignKeyOrder order;
    private final Circles circles;

    RowOrderPlan(Statements statements, Catalog catalog) {
        this.statements = statements;
        this.catalog = catalog;
        this.circles = new Circles(statements, catalog);
        this.order = ForeignKeyOrder.of(catalog.tables().keySet(), catalog.foreignKeys());
    }

    /**
     * Whether the usual order might do harm in silence: where deleting a parent deletes or changes children on the
     * target by itself, a child of this batch has to leave the parent first. Otherwise it would go with the parent,
     * and although it is written again, its own children would not be.
     */
    boolean isNeeded(FoldedBatch batch) {
        return catalog.foreignKeys().stream().anyMatch(key -> {
            TableChanges parent = batch.table(key.parent());
            TableChanges child = batch.table(key.child());
            return key.changesChildren()
                    && parent != null
                    && child != null
                    && parent.has(Operation.DELETE)
                    && child.has(Operation.UPSERT);
        });
    }

    /** Reads inside the transaction of the connection, writes nothing. */
    List<WriteStep> steps(Connection connection, FoldedBatch batch) throws SQLException {
        List<WriteStep> steps = new ArrayList<>(truncates(batch));
        Map<TableName, List<RowNode>> nodes = new LinkedHashMap<>();
        RowNodeReader reader = new RowNodeReader(statements.dialect());
        for (TableChanges table : batch.tables()) {
            nodes.put(table.table().name(), nodes(connection, reader, table));
        }
        nodes.values().forEach(ofTable -> circles.leaveThemselves(ofTable, steps));
        nodes.forEach(this::orderByUniqueKeys);
        catalog.foreignKeys().forEach(key -> orderByForeignKey(key, nodes));
        addWaves(nodes.values().stream().flatMap(List::stream).toList(), steps);
        return steps;
    }

    private List<WriteStep> truncates(FoldedBatch batch) {
        return order.childrenFirst().stream()
                .map(batch::table)
                .filter(table -> table != null && table.truncate() != null)
                .map(table -> statements.truncate(table.truncate()))
                .toList();
    }

    private List<RowNode> nodes(Connection connection, RowNodeReader reader, TableChanges table) throws SQLException {
        if (table.changes().isEmpty()) {
            return List.of();
        }
        List<RowNode> nodes = reader.read(connection, table.table(), table.changes(), constrained(table.table()));
        // What a truncate takes away before stands in nobody's way.
        return table.truncate() == null
                ? nodes
                : nodes.stream().map(RowNode::asNew).toList();
    }

    private List<String> constrained(Table table) {
        Set<String> columns = new TreeSet<>();
        table.uniqueKeys().forEach(key -> columns.addAll(key.columns()));
        for (ForeignKey key : catalog.foreignKeys()) {
            if (key.child().equals(table.name())) {
                columns.addAll(key.childColumns());
            }
            if (key.parent().equals(table.name())) {
                columns.addAll(key.parentColumns());
            }
        }
        return List.copyOf(columns);
    }

    private void orderByUniqueKeys(TableName table, List<RowNode> nodes) {
        List<UniqueKey> keys = catalog.table(table).orElseThrow().uniqueKeys();
        for (UniqueKey key : keys) {
            if (key.columns().isEmpty()) {
                continue; // over expressions: their values are not known; deletes go first anyway
            }
            Map<List<String>, RowNode> frees = new HashMap<>();
            for (RowNode node : nodes) {
                List<String> before = node.before(key.columns());
                if (before != null && !before.equals(node.after(key.columns()))) {
                    frees.put(before, node);
                }
            }
            for (RowNode node : nodes) {
                RowNode holder = frees.get(node.after(key.columns()));
                if (holder != null) {
                    node.waitForValue(holder);
                }
            }
        }
    }

    private static void orderByForeignKey(ForeignKey key, Map<TableName, List<RowNode>> nodes) {
        Map<List<String>, RowNode> created = new HashMap<>();
        Map<List<String>, RowNode> removed = new HashMap<>();
        for (RowNode parent : nodes.getOrDefault(key.parent(), List.of())) {
            List<String> before = parent.before(key.parentColumns());
            List<String> after = parent.after(key.parentColumns());
            if (after != null && !after.equals(before)) {
                created.put(after, parent);
            }
            if (before != null && !before.equals(after)) {
                removed.put(before, parent);
            }
        }
        for (RowNode child : nodes.getOrDefault(key.child(), List.of())) {
            RowNode newParent = created.get(child.after(key.childColumns()));
            if (newParent != null) {
                child.waitForParent(newParent, key);
            }
            RowNode oldParent = removed.get(child.before(key.childColumns()));
            if (oldParent != null) {
                oldParent.waitForChild(child, key);
            }
        }
    }

    private void addWaves(List<RowNode> nodes, List<WriteStep> steps) {
        Set<RowNode> open = new LinkedHashSet<>(nodes);
        while (!open.isEmpty()) {
            List<RowNode> wave =
                    open.stream().filter(node -> node.isReady(open)).toList();
            if (wave.isEmpty()) {
                circles.breakOne(open, steps);
                continue;
            }
            Map<Table, List<Change>> byTable = new LinkedHashMap<>();
            for (RowNode node : wave) {
                byTable.computeIfAbsent(node.change().table(), table -> new ArrayList<>())
                        .add(node.change());
            }
            byTable.forEach((table, changes) -> steps.addAll(statements.steps(table, changes)));
            wave.forEach(open::remove);
        }
    }
}

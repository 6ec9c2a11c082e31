package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What remains to be written of a batch, when only the last change of each key counts. */
final class FoldedBatch {
    private final Map<TableName, TableChanges> tables = new LinkedHashMap<>();
    /** Of the change before, which mostly is of the same table. */
    private TableChanges last;

    FoldedBatch(Batch batch) {
        if (batch.isSpilled()) {
            throw new IllegalArgumentException("the changes are not in memory");
        }
        for (Transaction transaction : batch.transactions()) {
            transaction.changes().forEach(this::add);
        }
    }

    /** @param changes in the order in which they were made */
    FoldedBatch(Iterable<Change> changes) {
        changes.forEach(this::add);
    }

    private void add(Change change) {
        if (last == null || !last.table().name().equals(change.table().name())) {
            last = tables.computeIfAbsent(change.table().name(), name -> new TableChanges(change.table()));
        }
        last.add(change);
    }

    /** In no particular order. */
    Collection<TableChanges> tables() {
        return tables.values();
    }

    /** Null if the batch does not touch the table. */
    TableChanges table(TableName name) {
        return tables.get(name);
    }

    long rows() {
        return tables.values().stream()
                .mapToLong(table -> table.changes().size())
                .sum();
    }
}

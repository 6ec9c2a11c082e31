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

    FoldedBatch(Batch batch) {
        for (Transaction transaction : batch.transactions()) {
            for (Change change : transaction.changes()) {
                tables.computeIfAbsent(change.table().name(), name -> new TableChanges(change.table()))
                        .add(change);
            }
        }
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

package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The order in which {@link TableOrderPlan} writes, as a rank of each change: deletes, children first, then upserts,
 * parents first. For transactions that are too large to be sorted in memory and have no order of their own.
 */
public final class UsualOrder implements ToIntFunction<Change> {
    private final Map<TableName, Integer> parentsFirst = new HashMap<>();

    /** @param catalog of the replication target */
    public UsualOrder(Catalog catalog) {
        List<TableName> tables = ForeignKeyOrder.of(catalog.tables().keySet(), catalog.foreignKeys())
                .parentsFirst();
        for (int i = 0; i < tables.size(); i++) {
            parentsFirst.put(tables.get(i), i);
        }
    }

    @Override
    public int applyAsInt(Change change) {
        int rank = parentsFirst.getOrDefault(change.table().name(), parentsFirst.size());
        return change.operation() == Operation.UPSERT ? parentsFirst.size() + 1 + rank : parentsFirst.size() - rank;
    }
}

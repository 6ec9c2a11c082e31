package dev.godwit.apply.conflict;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.change.Change;
import dev.godwit.database.catalog.Table;

/** The row itself; all rows of the table together where equality of keys is not known exactly. */
final class PrimaryKeyElements implements Elements {
    private final KeyColumns columns;
    private final int[] order;
    private final long seed;

    PrimaryKeyElements(Table table) {
        this.columns = KeyColumns.of(table, table.primaryKey(), false);
        this.order = new int[table.primaryKey().size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        this.seed = Hash.of(1, table.name().toString());
    }

    @Override
    public void add(Change change, WriteSet.Builder set) {
        if (columns == null) {
            set.add(seed, Access.WRITE, ConflictReason.TABLE);
        } else {
            set.add(columns.value(change.key(), order, seed), Access.WRITE, ConflictReason.PRIMARY_KEY);
        }
    }
}

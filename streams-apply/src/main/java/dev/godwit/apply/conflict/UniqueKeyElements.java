package dev.godwit.apply.conflict;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.UniqueKey;

/**
 * The values of a unique key that a change takes and frees. Where the value that is freed is unknown, it may be any:
 * then whoever frees one conflicts with all who take one.
 */
final class UniqueKeyElements implements Elements {
    private final TableImages images;
    private final KeyColumns columns;
    /** A row may enter or leave such an index although its columns stay the same. */
    private final boolean partial;

    private final long seed;

    UniqueKeyElements(Table table, UniqueKey key, TableImages images) {
        this.images = images;
        // An index over expressions has no columns: nothing can be told apart in it.
        this.columns = KeyColumns.of(table, key.columns(), !key.nullsDistinct());
        this.partial = key.partial();
        this.seed = Hash.of(2, table.name() + " " + key.name());
    }

    @Override
    public void add(Change change, WriteSet.Builder set) {
        if (columns == null) {
            set.add(seed, Access.WRITE, ConflictReason.TABLE);
            return;
        }
        Row older = images.older(change);
        Row newer = images.newer(change, older);
        if (newer != null
                && (images.isUnsent(change, columns, newer)
                        || images.staysSame(change, columns, newer, older, partial))) {
            return;
        }
        long taken = newer == null ? KeyColumns.NONE : columns.value(newer, seed);
        long freed = images.isCreated(change)
                ? KeyColumns.NONE
                : older == null ? KeyColumns.UNKNOWN : columns.value(older, seed);
        if (taken == KeyColumns.UNKNOWN || (freed == KeyColumns.UNKNOWN && images.areKnown())) {
            set.barrier();
            return;
        }
        boolean takes = change.operation() == Operation.UPSERT && taken != KeyColumns.NONE;
        if (takes) {
            set.add(taken, Access.WRITE, ConflictReason.UNIQUE_KEY);
        }
        if (freed != KeyColumns.UNKNOWN && freed != KeyColumns.NONE) {
            set.add(freed, Access.WRITE, ConflictReason.UNIQUE_KEY);
        }
        if (!images.areKnown()) {
            if (takes) {
                set.add(seed, Access.TAKE, ConflictReason.TABLE);
            }
            if (freed != KeyColumns.NONE) {
                images.hint("a unique key");
                set.add(seed, Access.GIVE, ConflictReason.TABLE);
            }
        }
    }
}

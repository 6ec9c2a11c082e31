package dev.godwit.apply.conflict;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Table;
import java.util.List;

/** The keys that appear and go in the referenced table. Its rows' other changes do not matter to children. */
final class ParentElements implements Elements {
    private final ForeignKeyElements key;
    private final TableImages images;
    private final KeyColumns columns;
    /** Where the referenced columns stand in the primary key; null if not all do. */
    private final int[] inPrimaryKey;

    ParentElements(ForeignKeyElements key, Table parent, TableImages images) {
        this.key = key;
        this.images = images;
        List<String> referenced = key.foreignKey().parentColumns();
        this.columns = KeyColumns.of(parent, referenced, false);
        this.inPrimaryKey = parent.primaryKey().containsAll(referenced)
                ? referenced.stream().mapToInt(parent.primaryKey()::indexOf).toArray()
                : null;
    }

    @Override
    public void add(Change change, WriteSet.Builder set) {
        boolean goes = change.operation() == Operation.DELETE;
        if (inPrimaryKey != null) {
            // A key that changes comes as a delete and an insert.
            if (goes || images.mayBeCreated(change)) {
                long parent =
                        key.isExact() ? columns.value(change.key(), inPrimaryKey, key.seed()) : KeyColumns.UNKNOWN;
                write(set, parent, goes);
            }
            return;
        }
        Row older = images.older(change);
        Row newer = images.newer(change, older);
        if (!key.isExact()) {
            write(set, KeyColumns.UNKNOWN, true);
            return;
        }
        if (newer != null) {
            if (images.isUnsent(change, columns, newer) || images.staysSame(change, columns, newer, older, false)) {
                return;
            }
            write(set, columns.value(newer, key.seed()), false);
        }
        if (!images.isCreated(change)) {
            write(set, older == null ? KeyColumns.UNKNOWN : columns.value(older, key.seed()), true);
        }
    }

    /** @param parent {@link KeyColumns#UNKNOWN} for any */
    private void write(WriteSet.Builder set, long parent, boolean goes) {
        if (parent != KeyColumns.UNKNOWN && parent != KeyColumns.NONE) {
            set.add(parent, Access.WRITE, ConflictReason.FOREIGN_KEY);
        } else if (parent == KeyColumns.UNKNOWN && key.isAnyParentMeant()) {
            if (!images.areKnown()) {
                images.hint("a unique key that foreign keys refer to");
            }
            set.add(key.anyParent(), Access.GIVE, ConflictReason.TABLE);
        } else if (parent == KeyColumns.UNKNOWN) {
            set.barrier();
        }
        if (goes && key.foreignKey().changesChildren()) {
            set.add(key.unknownChildren(), Access.GIVE, ConflictReason.TABLE);
        }
    }
}

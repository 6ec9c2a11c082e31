package dev.godwit.apply.conflict;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Table;

/**
 * The parent keys that a row of the referencing table relies on, before and after.
 *
 * <p>An old parent that is not known does no harm where the target refuses to delete a parent that still has
 * children: the delete is tried again after all earlier transactions. But where deleting a parent deletes or changes
 * its children, it would do so in silence; then such a change conflicts with all that remove a parent.
 */
final class ChildElements implements Elements {
    private final ForeignKeyElements key;
    private final TableImages images;
    private final KeyColumns columns;

    ChildElements(ForeignKeyElements key, Table child, TableImages images) {
        this.key = key;
        this.images = images;
        this.columns = KeyColumns.of(child, key.foreignKey().childColumns(), false);
    }

    @Override
    public void add(Change change, WriteSet.Builder set) {
        if (key.isAnyParentMeant()) {
            set.add(key.anyParent(), Access.TAKE, ConflictReason.TABLE);
        }
        if (!key.isExact()) {
            return;
        }
        Row older = images.older(change);
        Row newer = images.newer(change, older);
        if (newer != null && images.staysSame(change, columns, newer, older, false)) {
            return;
        }
        if (newer != null && !images.isUnsent(change, columns, newer)) {
            long parent = columns.value(newer, key.seed());
            if (parent == KeyColumns.UNKNOWN) {
                set.barrier();
            } else if (parent != KeyColumns.NONE) {
                set.add(parent, Access.READ, ConflictReason.FOREIGN_KEY);
            }
        }
        long parent = older == null ? KeyColumns.UNKNOWN : columns.value(older, key.seed());
        if (parent != KeyColumns.UNKNOWN && parent != KeyColumns.NONE) {
            set.add(parent, Access.READ, ConflictReason.FOREIGN_KEY);
        } else if (!images.isCreated(change) && key.foreignKey().changesChildren()) {
            // NULL too: it is what an old row holds that was not sent whole.
            if (!images.areKnown()) {
                images.hint("a foreign key by which deleting a parent changes its children");
            }
            set.add(key.unknownChildren(), Access.TAKE, ConflictReason.TABLE);
        }
    }
}

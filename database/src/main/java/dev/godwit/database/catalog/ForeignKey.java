package dev.godwit.database.catalog;

import java.util.List;

/**
 * A foreign key between two tables.
 *
 * @param childColumns the referencing columns, in the same order as {@code parentColumns}
 * @param deferrable whether its check may wait until commit
 * @param changesChildren whether deleting a parent deletes or changes its children (CASCADE, SET NULL, SET DEFAULT)
 *     instead of being refused
 */
public record ForeignKey(
        String name,
        TableName child,
        List<String> childColumns,
        TableName parent,
        List<String> parentColumns,
        boolean deferrable,
        boolean changesChildren) {
    public ForeignKey {
        childColumns = List.copyOf(childColumns);
        parentColumns = List.copyOf(parentColumns);
    }

    /** Whether rows refer to rows of their own table. */
    public boolean isSelfReference() {
        return child.equals(parent);
    }
}

package dev.godwit.database.catalog;

import java.util.List;

/**
 * @param childColumns the referencing columns, in the same order as {@code parentColumns}
 * @param deferrable whether its check may wait until commit
 */
public record ForeignKey(
        String name,
        TableName child,
        List<String> childColumns,
        TableName parent,
        List<String> parentColumns,
        boolean deferrable) {
    public ForeignKey {
        childColumns = List.copyOf(childColumns);
        parentColumns = List.copyOf(parentColumns);
    }

    public boolean isSelfReference() {
        return child.equals(parent);
    }
}

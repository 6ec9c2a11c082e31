package dev.godwit.verify.checksum;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;

/**
 * A column of one side whose values are hashed.
 *
 * @param column as this side has it
 * @param other the type on the other side
 * @param inKey whether it belongs to the primary key, on both sides, and so is never NULL
 */
public record RowColumn(Column column, ColumnType other, boolean inKey) {

    /** Whether the two sides keep the same number of digits behind the point, so that no value needs to be trimmed. */
    boolean hasOneScale() {
        return column.type().modifier() != -1 && column.type().modifier() == other.modifier();
    }
}

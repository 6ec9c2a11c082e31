package dev.godwit.apply.decode;

import dev.godwit.database.type.ColumnType;

/** How one message format writes the values of columns. */
interface ColumnValues {

    /**
     * The value as text that the type's input function takes; null for SQL NULL.
     *
     * @param type the column's type on the replication source
     * @throws IllegalArgumentException if the format cannot mean this
     */
    String text(ColumnType type, Json value);

    /** Whether the message says that this column's value was not sent (PostgreSQL's unchanged TOAST). */
    default boolean isUnavailable(ColumnType type, Json value) {
        return false;
    }
}

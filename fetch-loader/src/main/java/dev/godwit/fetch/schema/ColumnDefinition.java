package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Column;
import java.util.Optional;

/**
 * A column as the source defines it.
 *
 * @param displayType with its modifier, and with its schema unless it is built in
 * @param collation qualified and quoted; empty if it is the one of the type
 * @param expression the default, or how a computed column is computed; SQL of the source
 */
record ColumnDefinition(Column column, String displayType, Optional<String> collation, Optional<String> expression) {

    String name() {
        return column.name();
    }

    boolean isComputed() {
        return column.generation() == Column.Generation.COMPUTED;
    }
}

package dev.godwit.apply.write;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns by which rows let go of parents in their own table, where a database needs that before such rows can go
 * ({@link Dialect#checksForeignKeysByRow}).
 */
final class OwnParents {
    private final Map<TableName, List<Column>> columns = new HashMap<>();

    OwnParents(Dialect dialect, Catalog catalog) {
        if (!dialect.checksForeignKeysByRow()) {
            return;
        }
        for (ForeignKey key : catalog.foreignKeys()) {
            Table table = catalog.table(key.child()).orElse(null);
            if (key.isSelfReference() && table != null) {
                key.childColumns().stream()
                        .map(table::requireColumn)
                        .filter(column -> column.nullable() && column.isWritable())
                        .findFirst()
                        .ifPresent(column -> columns.computeIfAbsent(key.child(), name -> new ArrayList<>())
                                .add(column));
            }
        }
    }

    /** Each takes NULL. Empty where there is nothing to let go of, or no way to. */
    List<Column> of(Table table) {
        return columns.getOrDefault(table.name(), List.of());
    }
}

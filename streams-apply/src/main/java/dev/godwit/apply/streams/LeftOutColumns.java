package dev.godwit.apply.streams;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.database.filter.TableSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes columns out of a catalog, so that nothing of what is behind it knows them. */
final class LeftOutColumns {
    private LeftOutColumns() {}

    /**
     * @param side for messages
     * @throws RefusedException if such a column is part of a key, a foreign key or a filter
     */
    static Catalog without(Catalog catalog, Collection<TableSlice> slices, String side) {
        List<Table> tables = new ArrayList<>(catalog.tables().values());
        for (TableSlice slice : slices) {
            if (!slice.leftOut().isEmpty() && catalog.table(slice.table()).isPresent()) {
                Table table = catalog.table(slice.table()).orElseThrow();
                refuse(slice, needed(catalog, table, slice), side);
                tables.add(without(table, slice.leftOut()));
            }
        }
        return new Catalog(tables, catalog.foreignKeys());
    }

    private static Table without(Table table, Set<String> columns) {
        return new Table(
                table.name(),
                table.columns().stream()
                        .filter(column -> !columns.contains(column.name()))
                        .toList(),
                table.primaryKey(),
                table.uniqueKeys(),
                table.replicaIdentity());
    }

    private static Set<String> needed(Catalog catalog, Table table, TableSlice slice) {
        TableName name = table.name();
        Set<String> needed = new HashSet<>(table.primaryKey());
        table.uniqueKeys().stream().map(UniqueKey::columns).forEach(needed::addAll);
        catalog.foreignKeys().forEach(key -> {
            if (key.child().equals(name)) {
                needed.addAll(key.childColumns());
            }
            if (key.parent().equals(name)) {
                needed.addAll(key.parentColumns());
            }
        });
        slice.filter().ifPresent(filter -> needed.addAll(filter.columns()));
        return needed;
    }

    private static void refuse(TableSlice slice, Set<String> needed, String side) {
        for (String column : slice.leftOut()) {
            if (needed.contains(column)) {
                throw new RefusedException(
                        "column \"" + column + "\" of " + slice.table() + " cannot be ignored: on the replication "
                                + side + " it is part of a key, a foreign key or the phase's filter",
                        "take it out of the columns to ignore, or drop that key");
            }
        }
    }
}

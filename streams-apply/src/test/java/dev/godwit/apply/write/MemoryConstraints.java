package dev.godwit.apply.write;

import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The unique and foreign keys of {@link MemoryTarget}, looked at when a transaction commits. */
final class MemoryConstraints {
    private final Catalog catalog;
    private final Map<TableName, Map<String, Row>> before;
    private final Map<TableName, Map<String, Row>> rows;

    /** @param before what there was before the transaction */
    MemoryConstraints(Catalog catalog, Map<TableName, Map<String, Row>> before, Map<TableName, Map<String, Row>> rows) {
        this.catalog = catalog;
        this.before = before;
        this.rows = rows;
    }

    void check() {
        catalog.tables().forEach((name, table) -> table.uniqueKeys().forEach(key -> check(name, key)));
        catalog.foreignKeys().forEach(this::check);
    }

    private void check(TableName table, UniqueKey key) {
        Map<List<String>, String> holders = new HashMap<>();
        rows.getOrDefault(table, Map.of()).forEach((id, row) -> {
            List<String> values = key.columns().stream()
                    .map(row::value)
                    .filter(Objects::nonNull)
                    .toList();
            String other = values.size() < key.columns().size() ? null : holders.put(values, id);
            if (other != null) {
                throw new RefusedByConstraintException(
                        table + " " + id + " and " + other + " both have " + values, null);
            }
        });
    }

    private void check(ForeignKey key) {
        Map<String, Row> parents = rows.getOrDefault(key.parent(), Map.of());
        rows.getOrDefault(key.child(), Map.of()).forEach((id, row) -> {
            String parent = row.value(key.childColumns().get(0));
            if (parent == null || parents.containsKey("(" + parent + ")")) {
                return;
            }
            String missing = key.child() + " " + id + " refers to " + parent + ", which is not there";
            Row older = before.getOrDefault(key.child(), Map.of()).get(id);
            boolean hadThisParent = older != null
                    && parent.equals(older.value(key.childColumns().get(0)));
            if (key.changesChildren() && hadThisParent) {
                // A database would delete the child or change it, and say nothing.
                throw new AssertionError(missing);
            }
            throw new RefusedByConstraintException(missing, null);
        });
    }
}

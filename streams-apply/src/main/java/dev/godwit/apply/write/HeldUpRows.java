package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the rows of a refused batch that surely wait for what comes by another partition: those that name a parent which is
 * neither on the target nor in the batch, and those that are to go while the target has a child of them of which the batch
 * knows nothing. No order of statements helps them; what is left without them mostly can be written.
 */
final class HeldUpRows {
    private final Catalog catalog;

    /** @param catalog of the target */
    HeldUpRows(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Looks where the batch would be written. Both methods tell places in the lists that they are given. */
    interface Lookup {
        /** @param children the values of the child's columns, none of them NULL; told are those whose parent is not there */
        Collection<Integer> withoutParent(ForeignKey key, List<String[]> children) throws SQLException;

        /**
         * @param parents the values of the parent's columns; told are those that some child has
         * @param except keys of children that do not count
         */
        Collection<Integer> withChildren(ForeignKey key, List<String[]> parents, List<Key> except) throws SQLException;
    }

    /** The keys of such rows, by table. */
    Map<TableName, Set<Key>> find(FoldedBatch batch, Lookup lookup) throws SQLException {
        Map<TableName, Set<Key>> found = new HashMap<>();
        for (ForeignKey key : catalog.foreignKeys()) {
            TableChanges children = batch.table(key.child());
            TableChanges parents = batch.table(key.parent());
            if (children != null) {
                Rows rows = comingChildren(children, brought(parents, key), key);
                rows.add(rows.values.isEmpty() ? List.of() : lookup.withoutParent(key, rows.values), found);
            }
            if (parents != null) {
                Rows rows = goingParents(parents, key);
                rows.add(
                        rows.values.isEmpty() ? List.of() : lookup.withChildren(key, rows.values, keys(children)),
                        found);
            }
        }
        return found;
    }

    private static List<Key> keys(TableChanges table) {
        return table == null
                ? List.of()
                : table.changes().stream().map(Change::key).toList();
    }

    /** Rows of a table that are asked about. */
    private record Rows(TableName table, List<Key> keys, List<String[]> values) {
        private Rows(TableName table) {
            this(table, new ArrayList<>(), new ArrayList<>());
        }

        private void add(Collection<Integer> places, Map<TableName, Set<Key>> found) {
            places.forEach(place ->
                    found.computeIfAbsent(table, name -> new HashSet<>()).add(keys.get(place)));
        }
    }

    private static Rows comingChildren(TableChanges children, Set<List<String>> brought, ForeignKey key) {
        Rows rows = new Rows(key.child());
        for (Change child : children.changes()) {
            String[] parent = child.operation() == Operation.UPSERT ? values(child.after(), key.childColumns()) : null;
            if (parent != null && !brought.contains(Arrays.asList(parent))) {
                rows.keys.add(child.key());
                rows.values.add(parent);
            }
        }
        return rows;
    }

    /** Only where the key of the row tells what children name. */
    private static Rows goingParents(TableChanges parents, ForeignKey key) {
        Rows rows = new Rows(key.parent());
        Table table = parents.table();
        int[] places = key.parentColumns().stream()
                .mapToInt(table.primaryKey()::indexOf)
                .toArray();
        if (Arrays.stream(places).allMatch(place -> place >= 0)) {
            for (Change parent : parents.changes()) {
                if (parent.operation() == Operation.DELETE) {
                    rows.keys.add(parent.key());
                    rows.values.add(
                            Arrays.stream(places).mapToObj(parent.key()::value).toArray(String[]::new));
                }
            }
        }
        return rows;
    }

    /** The parent keys that the batch itself writes. */
    private static Set<List<String>> brought(TableChanges parents, ForeignKey key) {
        Set<List<String>> brought = new HashSet<>();
        if (parents != null) {
            for (Change parent : parents.changes()) {
                String[] values =
                        parent.operation() == Operation.UPSERT ? values(parent.after(), key.parentColumns()) : null;
                if (values != null) {
                    brought.add(Arrays.asList(values));
                }
            }
        }
        return brought;
    }

    /** Null if one of them is NULL, or was not sent: then nothing new is named. */
    private static String[] values(Row row, List<String> columns) {
        String[] values = new String[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.value(columns.get(i));
            if (values[i] == null) {
                return null;
            }
        }
        return values;
    }
}

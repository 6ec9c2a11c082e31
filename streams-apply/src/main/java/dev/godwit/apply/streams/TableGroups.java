package dev.godwit.apply.streams;

import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tables that foreign keys connect, directly or through others, are a group. */
public final class TableGroups {
    private final Map<TableName, TableName> representatives = new HashMap<>();

    private TableGroups() {}

    /**
     * Each table is in one group. Foreign keys from or to other tables do not count, but for those through which a delete
     * reaches other rows: it may reach a table of ours again.
     *
     * @param foreignKeys of the replication target
     * @return sorted by their first table
     */
    public static List<SortedSet<TableName>> of(Collection<TableName> tables, Collection<ForeignKey> foreignKeys) {
        TableGroups groups = new TableGroups();
        for (ForeignKey key : foreignKeys) {
            boolean ours = tables.contains(key.child()) && tables.contains(key.parent());
            if (ours || key.changesChildren()) {
                groups.connect(key.child(), key.parent());
            }
        }
        SortedMap<TableName, SortedSet<TableName>> byRepresentative = new TreeMap<>();
        for (TableName table : new TreeSet<>(tables)) {
            byRepresentative
                    .computeIfAbsent(groups.representative(table), first -> new TreeSet<>())
                    .add(table);
        }
        List<SortedSet<TableName>> sorted = new ArrayList<>(byRepresentative.values());
        sorted.sort((left, right) -> left.first().compareTo(right.first()));
        return sorted;
    }

    private void connect(TableName one, TableName other) {
        representatives.put(representative(one), representative(other));
    }

    private TableName representative(TableName table) {
        TableName found = table;
        for (TableName next = representatives.get(found); next != null && !next.equals(found); ) {
            found = next;
            next = representatives.get(found);
        }
        return found;
    }
}

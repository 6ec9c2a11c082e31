package dev.godwit.database.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables and foreign keys of one database at one moment. Immutable. */
public final class Catalog {
    private final SortedMap<TableName, Table> tables;
    private final List<ForeignKey> foreignKeys;

    /** A later table of the same name replaces an earlier one. */
    public Catalog(Collection<Table> tables, Collection<ForeignKey> foreignKeys) {
        SortedMap<TableName, Table> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        this.tables = Collections.unmodifiableSortedMap(byName);
        this.foreignKeys = List.copyOf(foreignKeys);
    }

    /** All tables, ordered by name. */
    public Map<TableName, Table> tables() {
        return tables;
    }

    /** Empty if there is no such table. */
    public Optional<Table> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }

    /** Those between tables of this catalog. */
    public List<ForeignKey> foreignKeys() {
        return foreignKeys;
    }
}

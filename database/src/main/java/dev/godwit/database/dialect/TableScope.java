package dev.godwit.database.dialect;

import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which tables a catalog is read for: all, or some by name. A database may have thousands of them, and be far away. */
final class TableScope {
    static final TableScope ALL = new TableScope(List.of());
    /** With more, a statement that names them is no shorter than what it keeps away. */
    private static final int NAMES_MAX = 500;

    /** Empty for all. */
    private final Set<TableName> names;

    private TableScope(Collection<TableName> names) {
        this.names = new TreeSet<>(names);
    }

    /** @param names at least one */
    static TableScope of(Collection<TableName> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no table is named");
        }
        return names.size() > NAMES_MAX ? ALL : new TableScope(names);
    }

    boolean isAll() {
        return names.isEmpty();
    }

    /**
     * SQL that holds for the tables.
     *
     * @param schema SQL for the name of the schema, or null where a connection sees one schema only
     * @param table SQL for the name of the table
     */
    String condition(Dialect dialect, String schema, String table) {
        if (isAll()) {
            return "1 = 1";
        }
        return names.stream()
                .map(name -> (schema == null ? "" : schema + " = " + dialect.literal(name.schema()) + " AND ") + table
                        + " = " + dialect.literal(name.name()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}

package dev.godwit.database.filter;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.util.Optional;
import java.util.Set;

/**
 * A table, and what of it.
 *
 * @param filter which of its rows; empty for the whole table
 * @param leftOut columns that replication does not write, on whichever side they are
 * @param loadedAt where in the source's log the table was loaded, if that was later than the other tables of its phase: changes at or
 *     before this place are in the load; empty where replication begins at the load
 */
public record TableSlice(TableName table, Optional<RowFilter> filter, Set<String> leftOut, Optional<String> loadedAt) {
    public TableSlice {
        leftOut = Set.copyOf(leftOut);
    }

    /** With all columns, loaded with its phase. */
    public TableSlice(TableName table, Optional<RowFilter> filter) {
        this(table, filter, Set.of(), Optional.empty());
    }

    /** {@code " WHERE <filter>"}, or nothing for the whole table. */
    public String where(Dialect dialect) {
        return filter.map(condition -> " WHERE " + condition.sql(dialect)).orElse("");
    }

    @Override
    public String toString() {
        return table + filter.map(condition -> " where " + condition).orElse("");
    }
}

package dev.godwit.database.filter;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.util.Optional;

/**
 * A table, and which of its rows.
 *
 * @param filter empty for the whole table
 */
public record TableSlice(TableName table, Optional<RowFilter> filter) {

    /** {@code " WHERE <filter>"}, or nothing for the whole table. */
    public String where(Dialect dialect) {
        return filter.map(condition -> " WHERE " + condition.sql(dialect)).orElse("");
    }

    @Override
    public String toString() {
        return table + filter.map(condition -> " where " + condition).orElse("");
    }
}

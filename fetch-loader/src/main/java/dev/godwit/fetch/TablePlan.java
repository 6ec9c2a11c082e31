package dev.godwit.fetch;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.TableSlice;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How one table is loaded.
 *
 * @param table as the source has it
 * @param parents the other tables of the load that its foreign keys on the target name
 * @param selfReference whether a foreign key on the target leads from the table to itself; then its rows must arrive by one statement
 */
record TablePlan(TableSlice slice, Table table, Set<TableName> parents, boolean selfReference) {

    TableName name() {
        return slice.table();
    }

    /** Computed columns are left out: the target computes them itself. */
    private String columns(Dialect dialect) {
        return table.writableColumns().stream()
                .filter(column -> !column.hidden())
                .map(Column::name)
                .map(dialect::quote)
                .collect(Collectors.joining(", "));
    }

    /** The rows of the slice, for use behind FROM. */
    String rows(Dialect dialect) {
        return dialect.quote(name()) + slice.where(dialect);
    }

    /** @param range a further condition on the rows; empty for all rows of the slice */
    String exportSql(Dialect dialect, String range) {
        String where = slice.filter()
                .map(filter -> " WHERE (" + filter.sql(dialect) + ")" + (range.isEmpty() ? "" : " AND " + range))
                .orElse(range.isEmpty() ? "" : " WHERE " + range);
        return "COPY (SELECT " + columns(dialect) + " FROM " + dialect.quote(name()) + where + ") TO STDOUT";
    }

    String importSql(Dialect dialect) {
        return "COPY " + dialect.quote(name()) + " (" + columns(dialect) + ") FROM STDIN";
    }
}

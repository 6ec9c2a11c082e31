package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.TableSelection;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables and rows that the user selects on the command line. */
final class SliceOptions {
    private final TableSelection tables;
    private final Map<TableName, String> rowFilters = new TreeMap<>();

    /** @throws RefusedException if a text cannot be understood */
    SliceOptions(String schemaFilter, String tableFilter, List<String> rowFilters) {
        this.tables = TableSelection.of(schemaFilter, tableFilter);
        for (String text : rowFilters) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new RefusedException(
                        "--row-filter \"" + text + "\" names no table", "write it as schema.table=condition");
            }
            TableName table = TableName.parse(text.substring(0, equals).strip());
            if (this.rowFilters.put(table, text.substring(equals + 1).strip()) != null) {
                throw new RefusedException(
                        "--row-filter is given twice for " + table, "join the two conditions with AND or OR");
            }
        }
    }

    /** Also tables that only one side has, so that the preflight finds them. */
    List<TableSlice> slices(Database source, Database target) {
        Catalog sourceCatalog = catalog(source);
        SortedSet<TableName> names = new TreeSet<>();
        tables.from(sourceCatalog).forEach(table -> names.add(table.name()));
        tables.from(catalog(target)).forEach(table -> names.add(table.name()));
        if (names.isEmpty()) {
            throw new RefusedException(
                    "no table of either side is selected by " + tables,
                    "check --schema-filter and --table-filter: each must match a whole name, and upper and lower case differ");
        }
        for (TableName table : rowFilters.keySet()) {
            if (!names.contains(table)) {
                throw new RefusedException(
                        "--row-filter names " + table + ", which is not among the selected tables",
                        "check the name, --schema-filter and --table-filter");
            }
        }
        return names.stream()
                .map(name -> new TableSlice(name, filter(name, sourceCatalog)))
                .toList();
    }

    /** Of a table that the source has not there is nothing to filter; the preflight reports it. */
    private Optional<RowFilter> filter(TableName name, Catalog source) {
        Optional<Table> table = source.table(name);
        return Optional.ofNullable(rowFilters.get(name))
                .flatMap(text -> table.map(found -> RowFilter.parse(text, found)));
    }

    private static Catalog catalog(Database database) {
        try {
            return database.catalog();
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the catalog of the " + database.role() + ": " + SqlFailure.describe(e),
                    "mend the cause that the server names",
                    e);
        }
    }
}

package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.TableSelection;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The tables and rows that the user selects on the command line. */
final class SliceSelection {
    private final TableSelection tables;
    private final Map<TableName, String> rowFilters;

    private SliceSelection(TableSelection tables, Map<TableName, String> rowFilters) {
        this.tables = tables;
        this.rowFilters = rowFilters;
    }

    /** @throws RefusedException if a text cannot be understood */
    static SliceSelection of(String schemaFilter, String tableFilter, List<String> rowFilters) {
        Map<TableName, String> byTable = new LinkedHashMap<>();
        for (String rowFilter : rowFilters) {
            int equals = rowFilter.indexOf('=');
            if (equals < 0) {
                throw new RefusedException(
                        "--row-filter \"" + rowFilter + "\" names no table", "write it as schema.table=condition");
            }
            TableName table = TableName.parse(rowFilter.substring(0, equals).trim());
            if (byTable.put(table, rowFilter.substring(equals + 1).trim()) != null) {
                throw new RefusedException(
                        "--row-filter is given twice for " + table, "join the conditions with AND or OR");
            }
        }
        return new SliceSelection(TableSelection.of(schemaFilter, tableFilter), byTable);
    }

    /**
     * The selected tables of both sides, ordered by name, also those that only one side has.
     *
     * @throws RefusedException if nothing is selected, or a row filter does not fit its table or selects no row on either side
     */
    List<TableSlice> slices(Database source, Database target) {
        Catalog sourceCatalog = catalog(source);
        Catalog targetCatalog = catalog(target);
        SortedSet<TableName> names = new TreeSet<>();
        tables.from(sourceCatalog).forEach(table -> names.add(table.name()));
        tables.from(targetCatalog).forEach(table -> names.add(table.name()));
        if (names.isEmpty()) {
            throw new RefusedException(
                    "no table on either side is selected by " + tables,
                    "check --schema-filter and --table-filter: each must match a whole name, and case counts");
        }
        for (TableName table : rowFilters.keySet()) {
            if (!names.contains(table)) {
                throw new RefusedException(
                        "--row-filter names " + table + ", which is not among the selected tables",
                        "check the name, --schema-filter and --table-filter; case counts");
            }
        }
        List<TableSlice> slices = names.stream()
                .map(name -> new TableSlice(name, filter(name, sourceCatalog)))
                .toList();
        for (TableSlice slice : slices) {
            if (slice.filter().isPresent()
                    && !anyRow(source, sourceCatalog, slice)
                    && !anyRow(target, targetCatalog, slice)) {
                throw new RefusedException(
                        "the filter \"" + slice.filter().get() + "\" selects no row of " + slice.table()
                                + " on either side",
                        "check its literals; the case of texts counts");
            }
        }
        return slices;
    }

    private static Catalog catalog(Database database) {
        try {
            return database.catalog();
        } catch (SQLException e) {
            throw unreadable(database, "the catalog", e);
        }
    }

    private Optional<RowFilter> filter(TableName name, Catalog source) {
        return Optional.ofNullable(rowFilters.get(name)).map(text -> {
            Table table = source.table(name)
                    .orElseThrow(() -> new RefusedException(
                            "--row-filter names " + name + ", which the source has not",
                            "check the name; case counts"));
            return RowFilter.parse(text, table);
        });
    }

    private static boolean anyRow(Database database, Catalog catalog, TableSlice slice) {
        Optional<Table> table = catalog.table(slice.table());
        if (table.isEmpty()
                || !table.get()
                        .columnsByName()
                        .keySet()
                        .containsAll(slice.filter().orElseThrow().columns())) {
            return false; // a difference of structure, which the comparison reports
        }
        String sql = "SELECT 1 FROM " + database.dialect().quote(slice.table()) + slice.where(database.dialect())
                + " LIMIT 1";
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next();
        } catch (SQLException e) {
            throw unreadable(database, slice.toString(), e);
        }
    }

    private static RefusedException unreadable(Database database, String what, SQLException e) {
        return new RefusedException(
                "cannot read " + what + " on the " + database.role() + ": " + e.getMessage(),
                "mend the cause that the server names; the user needs SELECT on every table",
                e);
    }
}

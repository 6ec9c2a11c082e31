package dev.godwit.fetch;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the tables of both sides fit each other, and in which order they can be loaded. */
final class TableChecks {
    private final FetchRequest request;
    private final Problems problems;

    TableChecks(FetchRequest request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    /** The plan holds only if there is no problem afterwards. */
    LoadPlan check(Connection source, Connection target) throws SQLException {
        Catalog sourceCatalog = request.source().dialect().readCatalog(source);
        Catalog targetCatalog = request.target().dialect().readCatalog(target);
        Map<TableName, TableSlice> slices = slices();
        List<Table> tables = new ArrayList<>();
        for (TableName name : slices.keySet()) {
            sourceCatalog
                    .table(name)
                    .ifPresentOrElse(
                            tables::add,
                            () -> problems.add(
                                    "table " + name + " is missing on the source",
                                    "create it there, or leave it out by the table filter"));
        }
        Set<TableName> broken = checkStructure(tables, targetCatalog);
        TableCapabilities capabilities = new TableCapabilities(request, problems);
        List<TableName> onSource = tables.stream().map(Table::name).toList();
        broken.addAll(capabilities.checkSource(source, onSource));
        broken.addAll(capabilities.checkTarget(
                target,
                slices.keySet().stream()
                        .filter(name -> targetCatalog.table(name).isPresent())
                        .toList()));
        checkForeignKeys(slices.keySet(), targetCatalog.foreignKeys());
        RowChecks rows = new RowChecks(request, problems);
        for (Table table : tables) {
            if (!broken.contains(table.name())) {
                rows.check(slices.get(table.name()), source, target);
            }
        }
        return plan(slices, tables, targetCatalog.foreignKeys());
    }

    private Map<TableName, TableSlice> slices() {
        Map<TableName, TableSlice> slices = new TreeMap<>();
        for (TableSlice slice : request.slices()) {
            if (slices.put(slice.table(), slice) != null) {
                problems.add("table " + slice.table() + " is selected twice", "name it once");
            }
        }
        return slices;
    }

    private Set<TableName> checkStructure(List<Table> tables, Catalog target) {
        Set<TableName> broken = new HashSet<>();
        for (Table table : tables) {
            if (table.primaryKey().isEmpty()) {
                broken.add(table.name());
                problems.add(
                        "table " + table.name() + " has no primary key on the source",
                        "add one with ALTER TABLE " + request.source().dialect().quote(table.name())
                                + " ADD PRIMARY KEY (...); on both sides, or leave the table out by the table filter");
            }
        }
        for (StructureDifference difference : StructureComparison.compare(tables, target)) {
            broken.add(difference.table());
            boolean whole = difference.column() == null;
            problems.add(
                    (whole ? "table " + difference.table() : "column " + difference.table() + "." + difference.column())
                            + ": " + difference.message(),
                    whole && target.table(difference.table()).isEmpty()
                            ? "create it there, or leave it out by the table filter"
                            : "change one of the two sides so that they agree, or leave the table out by the table filter");
        }
        return broken;
    }

    private void checkForeignKeys(Set<TableName> selected, Collection<ForeignKey> foreignKeys) {
        Set<TableName> inCycles = ForeignKeyOrder.of(selected, foreignKeys).inCycles();
        if (!inCycles.isEmpty()) {
            problems.add(
                    "foreign keys of the target lead in a circle, so that none of these tables can be loaded first: "
                            + join(inCycles),
                    "drop one foreign key of the circle on the target and add it again after the load");
        }
        if (request.tableHandling() == TableHandling.TRUNCATE_IF_EXISTS) {
            for (ForeignKey key : foreignKeys) {
                if (selected.contains(key.parent()) && !selected.contains(key.child())) {
                    problems.add(
                            "table " + key.parent() + " cannot be truncated on the target: foreign key \"" + key.name()
                                    + "\" of table " + key.child() + ", which is not selected, leads to it",
                            "select " + key.child() + " as well, or drop the foreign key for the time of the load");
                }
            }
        }
    }

    private static String join(Collection<TableName> names) {
        return names.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    private static LoadPlan plan(
            Map<TableName, TableSlice> slices, List<Table> tables, Collection<ForeignKey> foreignKeys) {
        Map<TableName, Table> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        List<TablePlan> plans = new ArrayList<>();
        for (TableName name : ForeignKeyOrder.of(byName.keySet(), foreignKeys).parentsFirst()) {
            Set<TableName> parents = foreignKeys.stream()
                    .filter(key ->
                            key.child().equals(name) && !key.isSelfReference() && byName.containsKey(key.parent()))
                    .map(ForeignKey::parent)
                    .collect(Collectors.toUnmodifiableSet());
            boolean selfReference = foreignKeys.stream()
                    .anyMatch(key -> key.isSelfReference() && key.child().equals(name));
            plans.add(new TablePlan(slices.get(name), byName.get(name), parents, selfReference));
        }
        return new LoadPlan(plans);
    }
}

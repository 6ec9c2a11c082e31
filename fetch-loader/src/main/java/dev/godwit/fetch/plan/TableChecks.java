package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.FetchMode;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.Mismatch;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.schema.RecreatedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether the tables of both sides fit each other, and in which order they can be loaded. */
final class TableChecks {
    private static final Pattern INTEGER = Pattern.compile("(?i)(int[248]?|integer|smallint|bigint)");

    private static final Pattern BOOLEAN = Pattern.compile("(?i)bool(ean)?");

    private final FetchRequest request;
    private final Problems problems;
    private final boolean continued;
    private final boolean recreates;

    TableChecks(FetchRequest request, Problems problems, boolean continued) {
        this.request = request;
        this.problems = problems;
        this.continued = continued;
        this.recreates = request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE;
    }

    /** The plan holds only if there is no problem afterwards. */
    LoadPlan check(SourceChecks checks, Connection source, Connection target) throws SQLException {
        Catalog sourceCatalog = request.source().dialect().readCatalog(source);
        Catalog targetCatalog = request.target().dialect().readCatalog(target);
        Map<TableName, MappedTable> mappings = mappings();
        List<Table> tables = new ArrayList<>();
        for (TableName name : List.copyOf(mappings.keySet())) {
            Optional<Table> found = sourceCatalog.table(name);
            if (found.isPresent()) {
                tables.add(found.get());
            } else {
                missingOnSource(name, mappings);
            }
        }
        Set<TableName> broken =
                new StructureChecks(request, problems).check(checks, target, tables, mappings, targetCatalog);
        TableCapabilities capabilities = new TableCapabilities(request, problems);
        broken.addAll(checks.checkTables(sourceCatalog, tables, mappings));
        Set<TableName> brokenTargets = capabilities.checkTarget(
                target,
                mappings.values().stream()
                        .map(MappedTable::target)
                        .distinct()
                        .filter(name -> targetCatalog.table(name).isPresent())
                        .toList());
        // Foreign keys of tables that are made anew go with them.
        List<ForeignKey> foreignKeys = checkForeignKeys(mappings.values(), targetCatalog.foreignKeys());
        RowChecks rows = new RowChecks(request, problems, continued || request.mode() != FetchMode.DATA_LOAD);
        for (Table table : tables) {
            MappedTable mapping = mappings.get(table.name());
            if (!broken.contains(table.name()) && !brokenTargets.contains(mapping.target())) {
                rows.check(mapping, source, target, targetCatalog);
            }
        }
        new FilterIndexes(problems).check(checks, tables, mappings);
        List<TablePlan> plans = plan(mappings, tables, targetCatalog, foreignKeys);
        Optional<RecreatedTables> recreated = Optional.empty();
        if (recreates) {
            LeftOutFile.check(request.tableOptions().leftOutFile());
        }
        if (recreates && broken.isEmpty()) {
            recreated = Optional.of(checks.recreated(
                    sourceCatalog, plans.stream().map(TablePlan::table).toList(), mappings));
        }
        return new LoadPlan(plans, recreated);
    }

    /** A phase says which tables it has; a load takes what the source has. */
    private void missingOnSource(TableName name, Map<TableName, MappedTable> mappings) {
        if (request.tableOptions().purpose() == TableOptions.Purpose.REPLICATION) {
            problems.add(
                    "table " + name + " is missing on the source",
                    "create it there, or leave it out by the table filter");
            return;
        }
        mappings.remove(name);
        if (mappings.isEmpty()) {
            problems.add(
                    "none of the selected tables is there on the source",
                    "check the schema filter and the table filter");
        }
        problems.add(new Mismatch(
                "missing_source_table",
                name,
                "table " + name + ": on the target only; it is left as it is",
                "",
                false));
    }

    private Map<TableName, MappedTable> mappings() {
        Map<TableName, MappedTable> mappings = new TreeMap<>();
        for (MappedTable table : request.tables()) {
            if (mappings.put(table.source(), table) != null) {
                problems.add("table " + table.source() + " is selected twice", "name it once");
            }
        }
        return mappings;
    }

    /** Returns the foreign keys that will stand while rows come, by the names of the target. */
    private List<ForeignKey> checkForeignKeys(Collection<MappedTable> tables, Collection<ForeignKey> foreignKeys) {
        Set<TableName> selected =
                tables.stream().map(MappedTable::target).collect(Collectors.toCollection(TreeSet::new));
        if (request.tableHandling() == TableHandling.TRUNCATE_IF_EXISTS || recreates) {
            for (ForeignKey key : foreignKeys) {
                if (selected.contains(key.parent()) && !selected.contains(key.child())) {
                    problems.add(
                            "table " + key.parent() + " cannot be " + (recreates ? "dropped" : "truncated")
                                    + " on the target: foreign key \"" + key.name() + "\" of table " + key.child()
                                    + ", which is not selected, leads to it",
                            "select " + key.child() + " as well, or drop the foreign key for the time of the load");
                }
            }
        }
        if (recreates) {
            return List.of();
        }
        Set<TableName> inCycles = ForeignKeyOrder.of(selected, foreignKeys).inCycles();
        if (!inCycles.isEmpty()) {
            problems.add(
                    "foreign keys of the target lead in a circle, so that none of these tables can be loaded first: "
                            + join(inCycles),
                    "drop one foreign key of the circle on the target and add it again after the load");
        }
        return List.copyOf(foreignKeys);
    }

    private static String join(Collection<TableName> names) {
        return names.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    private List<TablePlan> plan(
            Map<TableName, MappedTable> mappings,
            List<Table> tables,
            Catalog targetCatalog,
            Collection<ForeignKey> foreignKeys) {
        Map<TableName, List<Table>> byTarget = new LinkedHashMap<>();
        for (Table table : tables) {
            byTarget.computeIfAbsent(mappings.get(table.name()).target(), name -> new ArrayList<>())
                    .add(table);
        }
        Map<TableName, Set<TableName>> parents = new HashMap<>();
        Set<TableName> selfReferences = new HashSet<>();
        for (ForeignKey key : foreignKeys) {
            if (key.isSelfReference()) {
                selfReferences.add(key.child());
            } else if (byTarget.containsKey(key.parent())) {
                byTarget.get(key.parent())
                        .forEach(parent -> parents.computeIfAbsent(key.child(), child -> new HashSet<>())
                                .add(parent.name()));
            }
        }
        List<TablePlan> plans = new ArrayList<>();
        for (TableName target :
                ForeignKeyOrder.of(byTarget.keySet(), foreignKeys).parentsFirst()) {
            for (Table table : byTarget.get(target)) {
                plans.add(new TablePlan(
                        mappings.get(table.name()),
                        table,
                        Set.copyOf(parents.getOrDefault(target, Set.of())),
                        selfReferences.contains(target),
                        asNumbers(table, mappings.get(table.name()), targetCatalog),
                        asBooleans(table, mappings.get(table.name()), targetCatalog)));
            }
        }
        return plans;
    }

    private Set<String> asBooleans(Table table, MappedTable mapping, Catalog targetCatalog) {
        return table.columns().stream()
                .filter(column -> column.type().kind() == TypeKind.INTEGER)
                .filter(column -> recreates
                        ? request.tableOptions()
                                .typeMap()
                                .typeOf(table.name(), column)
                                .filter(type -> BOOLEAN.matcher(type).matches())
                                .isPresent()
                        : targetCatalog
                                .table(mapping.target())
                                .flatMap(there -> there.column(mapping.targetColumn(column.name())))
                                .filter(there -> there.type().kind() == TypeKind.BOOLEAN)
                                .isPresent())
                .map(Column::name)
                .collect(Collectors.toSet());
    }

    private Set<String> asNumbers(Table table, MappedTable mapping, Catalog targetCatalog) {
        Set<String> columns = new HashSet<>();
        for (Column column : table.columns()) {
            boolean number = recreates
                    ? column.type().kind() == TypeKind.BOOLEAN
                            && request.tableOptions()
                                    .typeMap()
                                    .typeOf(table.name(), column)
                                    .filter(type -> INTEGER.matcher(type).matches())
                                    .isPresent()
                    : targetCatalog
                            .table(mapping.target())
                            .flatMap(there -> there.column(mapping.targetColumn(column.name())))
                            .filter(there -> TypeChecks.needsNumber(column.type(), there.type()))
                            .isPresent();
            if (number) {
                columns.add(column.name());
            }
        }
        return columns;
    }
}

package dev.godwit.fetch.cli;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.selection.FilterFile;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.selection.NameRule;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.database.selection.TableChoice;
import dev.godwit.database.selection.TransformationFile;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables and rows that the user selects, and what they are called on the target. */
final class LoadSelection {
    private final NameRule names;
    private final TableChoice choice;
    private final TransformationFile transformations;
    private final TableHandling handling;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    /** A condition for the rows of a table, not yet understood. */
    private record Wanted(String place, TableName table, String text, boolean rowFilterOnly) {}

    /** @throws RefusedException if a text cannot be understood, or a table has two conditions */
    LoadSelection(
            NameRule names,
            TableChoice choice,
            TransformationFile transformations,
            List<String> rowFilters,
            Optional<FilterFile> filters,
            TableHandling handling) {
        this.names = names;
        this.choice = choice;
        this.transformations = transformations;
        this.handling = handling;
        for (String text : rowFilters) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new RefusedException(
                        "--row-filter \"" + text + "\" names no table", "write it as schema.table=condition");
            }
            TableName table = TableName.parse(text.substring(0, equals).strip());
            add(new Wanted("--row-filter", table, text.substring(equals + 1).strip(), true));
        }
        filters.ifPresent(file -> file.filters()
                .forEach(filter -> add(new Wanted("--filter-path", filter.table(), filter.sourceExpression(), false))));
    }

    private void add(Wanted condition) {
        for (Wanted earlier : wanted.values()) {
            if (names.same(earlier.table().toString(), condition.table().toString())) {
                throw new RefusedException(
                        earlier.place().equals(condition.place())
                                ? condition.place() + " is given twice for " + condition.table()
                                : "--row-filter and --filter-path both name " + condition.table(),
                        "join the two conditions with AND or OR");
            }
        }
        wanted.put(condition.table().toString(), condition);
    }

    /**
     * Also tables that only the target has, so that the checks find them, unless they are to be made there.
     *
     * @throws RefusedException if nothing is selected, or a rule or a condition is about nothing
     */
    List<MappedTable> tables(Database source, Database target) {
        Catalog sourceCatalog = catalog(source);
        Catalog targetCatalog = catalog(target);
        Map<TableName, MappedTable> tables = new LinkedHashMap<>();
        Set<TableName> targets = new HashSet<>();
        Set<String> mappedSchemas = new HashSet<>();
        for (Table table : sourceCatalog.tables().values()) {
            if (choice.selects(table.name())) {
                MappedTable mapped = mapped(table, targetCatalog);
                tables.put(table.name(), mapped);
                targets.add(mapped.target());
                mappedSchemas.add(table.name().schema());
            }
        }
        if (handling != TableHandling.DROP_ON_TARGET_AND_RECREATE) {
            for (TableName there : targetCatalog.tables().keySet()) {
                boolean unmatched = choice.selects(there) && !targets.contains(there) && !tables.containsKey(there);
                boolean schemaMoved = mappedSchemas.contains(there.schema())
                        && tables.values().stream()
                                .noneMatch(table -> table.target().schema().equals(there.schema()));
                if (unmatched && !schemaMoved) {
                    tables.put(there, new MappedTable(there, Optional.empty(), there, Map.of(), Set.of()));
                }
            }
        }
        if (tables.isEmpty()) {
            throw new RefusedException(
                    "no table of either side is selected by " + choice,
                    "check --schema-filter and --table-filter: each must match a whole name");
        }
        requireRulesMatch(sourceCatalog, tables.keySet());
        return with(conditions(tables, sourceCatalog), tables);
    }

    private MappedTable mapped(Table table, Catalog targetCatalog) {
        TableName wantedName = transformations.target(table.name());
        TableName there = names.find(
                        "the target table " + wantedName,
                        wantedName.toString(),
                        targetCatalog.tables().keySet(),
                        TableName::toString)
                .orElse(wantedName);
        Set<String> leftOut = new LinkedHashSet<>();
        for (Column column : table.columns()) {
            if (isLeftOut(table, column)) {
                if (table.primaryKey().contains(column.name())) {
                    throw new RefusedException(
                            "a transformation leaves out column \"" + column.name() + "\" of " + table.name()
                                    + ", which is part of its primary key",
                            "without it rows cannot be told apart: let column_exclusion_opts match other columns only");
                }
                leftOut.add(column.name());
            }
        }
        boolean recreates = handling == TableHandling.DROP_ON_TARGET_AND_RECREATE;
        Map<String, String> columns = recreates
                ? Map.of()
                : targetCatalog
                        .table(there)
                        .map(found -> targetColumns(table, found))
                        .orElse(Map.of());
        return new MappedTable(table.name(), Optional.empty(), recreates ? wantedName : there, columns, leftOut);
    }

    /** A rule that wants a column computed, although it is a plain one on the source, leaves it out: as MOLT has it. */
    private boolean isLeftOut(Table table, Column column) {
        return transformations.leavesOut(table.name(), column.name())
                || (transformations.computes(table.name(), column.name()) && column.isWritable());
    }

    private Map<String, String> targetColumns(Table source, Table target) {
        Map<String, String> others = new HashMap<>();
        for (Column column : source.columns()) {
            names.find(
                            "column " + column.name() + " of " + target.name(),
                            column.name(),
                            target.columns(),
                            Column::name)
                    .map(Column::name)
                    .filter(found -> !found.equals(column.name()))
                    .ifPresent(found -> {
                        if (others.containsValue(found) || source.column(found).isPresent()) {
                            throw new RefusedException(
                                    "two columns of " + source.name() + " stand against column \"" + found + "\" of "
                                            + target.name() + ", for they differ only in case",
                                    "give --case-sensitive");
                        }
                        others.put(column.name(), found);
                    });
        }
        return others;
    }

    private void requireRulesMatch(Catalog source, Set<TableName> selected) {
        for (TransformationFile.Rule rule : transformations.rules()) {
            boolean matches = source.tables().values().stream()
                    .filter(table -> selected.contains(table.name()) && rule.isFor(table.name()))
                    .anyMatch(table -> rule.columns().isEmpty()
                            || table.columns().stream().anyMatch(column -> rule.isAbout(column.name())));
            if (!matches) {
                throw new RefusedException(
                        rule.place() + " matches nothing of the selected source tables",
                        "check its names: a pattern must match a whole name");
            }
        }
    }

    private Map<TableName, RowCondition> conditions(Map<TableName, MappedTable> tables, Catalog source) {
        Map<TableName, RowCondition> conditions = new HashMap<>();
        for (Wanted condition : wanted.values()) {
            // The names of the file are those of MOLT, for which case does not count.
            NameRule rule = condition.rowFilterOnly() ? names : NameRule.IGNORE_CASE;
            String name = condition.table().toString();
            TableName table = rule.find(condition.place() + " " + name, name, tables.keySet(), TableName::toString)
                    .orElseThrow(() -> new RefusedException(
                            condition.place() + " names " + name + ", which is not among the selected tables",
                            "check the name, --schema-filter and --table-filter"));
            // Of a table that the source has not there is nothing to filter; the checks report it.
            source.table(table).ifPresent(found -> conditions.put(table, understood(condition, found)));
        }
        return conditions;
    }

    private static RowCondition understood(Wanted condition, Table table) {
        try {
            return RowCondition.of(RowFilter.parse(condition.text(), table));
        } catch (RefusedException e) {
            if (condition.rowFilterOnly()) {
                throw e;
            }
            return RowCondition.ofSql(condition.text());
        }
    }

    private static List<MappedTable> with(Map<TableName, RowCondition> conditions, Map<TableName, MappedTable> tables) {
        List<MappedTable> all = new ArrayList<>();
        tables.forEach((name, table) -> all.add(new MappedTable(
                table.source(),
                Optional.ofNullable(conditions.get(name)),
                table.target(),
                table.targetColumns(),
                table.leftOut())));
        return all;
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

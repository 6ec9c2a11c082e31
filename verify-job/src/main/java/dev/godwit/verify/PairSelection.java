package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.NameRule;
import dev.godwit.database.selection.TableChoice;
import dev.godwit.database.selection.TransformationFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts the selected tables of both sides against each other, by their names and the transformations. */
final class PairSelection {
    private final NameRule names;
    private final TableChoice choice;
    private final TransformationFile transformations;

    PairSelection(NameRule names, TableChoice choice, TransformationFile transformations) {
        this.names = names;
        this.choice = choice;
        this.transformations = transformations;
    }

    /**
     * The pairs without row conditions, ordered by name, also for tables that only one side has.
     *
     * @throws RefusedException if nothing is selected, a rule matches nothing, or names cannot be told apart
     */
    List<TablePair> pairs(Catalog source, Catalog target) {
        SortedMap<TableName, List<Table>> byTarget = new TreeMap<>();
        Set<String> mappedSchemas = new HashSet<>();
        Set<String> targetSchemas = new HashSet<>();
        for (Table table : source.tables().values()) {
            if (choice.selects(table.name())) {
                TableName wanted = transformations.target(table.name());
                TableName there = names.find(
                                "the target table " + wanted,
                                wanted.toString(),
                                target.tables().keySet(),
                                TableName::toString)
                        .orElse(wanted);
                byTarget.computeIfAbsent(there, name -> new ArrayList<>()).add(table);
                mappedSchemas.add(table.name().schema());
                targetSchemas.add(there.schema());
            }
        }
        SortedMap<TableName, TablePair> pairs = new TreeMap<>();
        byTarget.forEach((there, tables) -> put(pairs, pair(tables, there, target)));
        for (TableName there : target.tables().keySet()) {
            // Where a schema has another name on the target, what stands there is compared, and not what stands under
            // its old name.
            boolean inScope = targetSchemas.contains(there.schema())
                    || (choice.selectsSchema(there.schema()) && !mappedSchemas.contains(there.schema()));
            if (inScope && choice.selectsName(there.name()) && !byTarget.containsKey(there)) {
                put(
                        pairs,
                        new TablePair(List.of(there), there, Optional.empty(), Optional.empty(), Map.of(), Set.of()));
            }
        }
        if (pairs.isEmpty()) {
            throw new RefusedException(
                    "no table on either side is selected by " + choice,
                    "check --schema-filter and --table-filter: each must match a whole name");
        }
        requireRulesMatch(byTarget.values());
        return List.copyOf(pairs.values());
    }

    private static void put(Map<TableName, TablePair> pairs, TablePair pair) {
        TablePair other = pairs.put(pair.name(), pair);
        if (other != null) {
            throw new RefusedException(
                    "two comparisons would be called " + pair.name() + ": " + other + " and " + pair,
                    "leave one of them out with --schema-filter, --table-filter or --table-exclusion-filter");
        }
    }

    private TablePair pair(List<Table> tables, TableName there, Catalog target) {
        Table first = tables.get(0);
        Set<String> leftOut = new LinkedHashSet<>();
        for (Table table : tables) {
            for (Column column : table.columns()) {
                if (transformations.leavesOut(table.name(), column.name())) {
                    leftOut.add(column.name());
                }
            }
            for (String key : table.primaryKey()) {
                if (leftOut.contains(key)) {
                    throw new RefusedException(
                            "a transformation leaves out column \"" + key + "\" of " + table.name()
                                    + ", which is part of its primary key",
                            "without it rows cannot be told apart: let column_exclusion_opts match other columns only");
                }
            }
        }
        return new TablePair(
                tables.stream().map(Table::name).toList(),
                there,
                Optional.empty(),
                Optional.empty(),
                target.table(there).map(table -> targetColumns(first, table)).orElse(Map.of()),
                leftOut);
    }

    private Map<String, String> targetColumns(Table source, Table target) {
        Map<String, String> others = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (Column column : source.columns()) {
            names.find(
                            "column " + column.name() + " of " + target.name(),
                            column.name(),
                            target.columns(),
                            Column::name)
                    .map(Column::name)
                    .ifPresent(found -> {
                        if (!taken.add(found)) {
                            throw new RefusedException(
                                    "two columns of " + source.name() + " stand against column \"" + found + "\" of "
                                            + target.name() + ", for they differ only in case",
                                    "give --case-sensitive");
                        }
                        if (!found.equals(column.name())) {
                            others.put(column.name(), found);
                        }
                    });
        }
        return others;
    }

    private void requireRulesMatch(Collection<List<Table>> tables) {
        for (TransformationFile.Rule rule : transformations.rules()) {
            boolean matches = tables.stream()
                    .flatMap(List::stream)
                    .anyMatch(table -> rule.isFor(table.name())
                            && (rule.columns().isEmpty()
                                    || table.columns().stream().anyMatch(column -> rule.isAbout(column.name()))));
            if (!matches) {
                throw new RefusedException(
                        rule.place() + " matches nothing of the selected source tables",
                        "check its names: a pattern must match a whole name");
            }
        }
    }

    /** A database's catalog, or a refusal that says what is wrong. */
    static Catalog catalog(Database database) {
        try {
            return database.catalog();
        } catch (java.sql.SQLException e) {
            throw RowSelection.unreadable(database, "the catalog", e);
        }
    }
}

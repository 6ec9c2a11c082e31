package dev.godwit.verify.structure;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.verify.TablePair;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares what keeps no row from being equal, but an application from working as before: defaults, unique, check and foreign key
 * constraints, indexes, the order of keys, and sequences. Expressions are compared by their text, which two products write in different ways; so a
 * warning may be about nothing.
 */
public final class StructureWarnings {
    private final Database target;
    private final Catalog sourceCatalog;
    private final Catalog targetCatalog;
    private final Map<TableName, TableFacts> sourceFacts;
    private final Map<TableName, TableFacts> targetFacts;
    private final List<StructureDifference> warnings = new ArrayList<>();

    private StructureWarnings(
            Database target,
            Catalog sourceCatalog,
            Catalog targetCatalog,
            Map<TableName, TableFacts> sourceFacts,
            Map<TableName, TableFacts> targetFacts) {
        this.target = target;
        this.sourceCatalog = sourceCatalog;
        this.targetCatalog = targetCatalog;
        this.sourceFacts = sourceFacts;
        this.targetFacts = targetFacts;
    }

    /** Warnings in the order of the pairs; pairs that only one side has, and merged ones, are passed over. */
    public static List<StructureDifference> find(
            Database source, Catalog sourceCatalog, Database target, Catalog targetCatalog, List<TablePair> pairs) {
        try {
            StructureWarnings found = new StructureWarnings(
                    target,
                    sourceCatalog,
                    targetCatalog,
                    FactsReader.read(source, TablePair.sources(pairs)),
                    FactsReader.read(target, TablePair.targets(pairs)));
            for (TablePair pair : pairs) {
                Optional<Table> sourceTable = sourceCatalog.table(pair.sources().get(0));
                Optional<Table> targetTable = targetCatalog.table(pair.target());
                if (!pair.isMerged() && sourceTable.isPresent() && targetTable.isPresent()) {
                    found.compare(pair, sourceTable.get(), targetTable.get());
                }
            }
            return List.copyOf(found.warnings);
        } catch (SQLException e) {
            TablePair first = pairs.get(0);
            return List.of(new StructureDifference(
                    first.name(),
                    null,
                    "defaults, constraints, indexes and sequences of all tables were not compared: " + e.getMessage()));
        }
    }

    private void compare(TablePair pair, Table source, Table targetTable) throws SQLException {
        TableFacts there = targetFacts.getOrDefault(pair.target(), new TableFacts());
        TableFacts here = sourceFacts.getOrDefault(source.name(), new TableFacts());
        names(pair, source);
        defaults(pair, source, targetTable, here, there);
        sets(pair, "unique key", uniqueKeys(pair, source, true), uniqueKeys(pair, targetTable, false));
        sets(
                pair,
                "foreign key",
                foreignKeys(pair, sourceCatalog, source.name(), true),
                foreignKeys(pair, targetCatalog, pair.target(), false));
        sets(pair, "check", here.checks, there.checks);
        sets(pair, "index", here.indexes, there.indexes);
        collations(pair, source, here, there);
        SequenceCheck.run(target, pair.name(), pair.target(), there.sequences, warnings::add);
    }

    private void names(TablePair pair, Table source) {
        for (String column : new TreeSet<>(pair.targetColumns().keySet())) {
            if (source.column(column).isPresent()) {
                warn(pair, column, "is called " + pair.targetColumn(column) + " on the target");
            }
        }
    }

    private void defaults(TablePair pair, Table source, Table targetTable, TableFacts here, TableFacts there) {
        source.columns().forEach(column -> {
            String other = pair.targetColumn(column.name());
            if (pair.leftOut().contains(column.name())
                    || targetTable.column(other).isEmpty()) {
                return;
            }
            String sourceDefault = here.defaults.get(column.name());
            String targetDefault = there.defaults.get(other);
            if (sourceDefault != null && targetDefault == null) {
                warn(pair, column.name(), "has a default on the source only: " + sourceDefault);
            } else if (sourceDefault == null && targetDefault != null) {
                warn(pair, column.name(), "has a default on the target only: " + targetDefault);
            } else if (sourceDefault != null && !sourceDefault.equals(targetDefault)) {
                warn(
                        pair,
                        column.name(),
                        "default is " + sourceDefault + " on the source and " + targetDefault + " on the target");
            }
        });
    }

    private static Set<String> uniqueKeys(TablePair pair, Table table, boolean ofSource) {
        return table.uniqueKeys().stream()
                .map(key -> words(pair, key, ofSource))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String words(TablePair pair, UniqueKey key, boolean ofSource) {
        return (key.columns().isEmpty()
                        ? "over expressions"
                        : key.columns().stream()
                                .map(column -> ofSource ? pair.targetColumn(column) : column)
                                .sorted()
                                .collect(Collectors.joining(", ", "(", ")")))
                + (key.partial() ? " of some rows" : "")
                + (key.nullsDistinct() ? "" : " with NULLs equal");
    }

    private static Set<String> foreignKeys(TablePair pair, Catalog catalog, TableName table, boolean ofSource) {
        Set<String> words = new TreeSet<>();
        for (ForeignKey key : catalog.foreignKeys()) {
            if (key.child().equals(table)) {
                // Without the parent's schema, and without its name where tables are renamed: the pair of the parent is
                // not known here.
                words.add(key.childColumns().stream()
                                .map(column -> ofSource ? pair.targetColumn(column) : column)
                                .collect(Collectors.joining(", ", "(", ")"))
                        + " to (" + String.join(", ", key.parentColumns()) + ") of "
                        + (pair.isRenamed() ? "its parent" : key.parent().toString()));
            }
        }
        return words;
    }

    private void sets(TablePair pair, String what, Collection<String> source, Collection<String> targetSet) {
        Set<String> onSource = new TreeSet<>(source);
        Set<String> onTarget = new TreeSet<>(targetSet);
        onSource.stream()
                .filter(one -> !onTarget.contains(one))
                .forEach(one -> warn(pair, null, what + " on the source only: " + one));
        onTarget.stream()
                .filter(one -> !onSource.contains(one))
                .forEach(one -> warn(pair, null, what + " on the target only: " + one));
    }

    private void collations(TablePair pair, Table source, TableFacts here, TableFacts there) {
        Set<String> keys = new HashSet<>(source.primaryKey());
        for (String column : new TreeSet<>(keys)) {
            String sourceOrder = here.collations.get(column);
            String targetOrder = there.collations.get(pair.targetColumn(column));
            if (sourceOrder != null && targetOrder != null && !sourceOrder.equals(targetOrder)) {
                warn(
                        pair,
                        column,
                        "key is ordered " + sourceOrder + " on the source and " + targetOrder
                                + " on the target: queries with ORDER BY or a range answer differently");
            }
        }
    }

    private void warn(TablePair pair, String column, String message) {
        warnings.add(new StructureDifference(pair.name(), column, message));
    }
}

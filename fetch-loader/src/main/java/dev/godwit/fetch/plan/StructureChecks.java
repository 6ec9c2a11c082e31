package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.Mismatch;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether each table of the source fits the one of the target that takes its rows. */
final class StructureChecks {
    private final FetchRequest request;
    private final Problems problems;
    private final Set<TableName> broken = new HashSet<>();

    StructureChecks(FetchRequest request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    /** Returns the tables, by their names on the source, that have a problem. */
    Set<TableName> check(
            SourceChecks source,
            Connection target,
            List<Table> tables,
            Map<TableName, MappedTable> mappings,
            Catalog targetCatalog)
            throws SQLException {
        boolean recreates = request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE;
        TypeChecks types = new TypeChecks(request, problems);
        MismatchChecks mismatches = new MismatchChecks(request, problems, source, target);
        for (Table table : tables) {
            MappedTable mapping = mappings.get(table.name());
            Optional<Table> there = targetCatalog.table(mapping.target());
            if (table.primaryKey().isEmpty() && !request.tableOptions().skipPrimaryKeyCheck()) {
                stop(new Mismatch(
                        "missing_source_primary_key",
                        table.name(),
                        "table " + table.name() + " has no primary key on the source",
                        "add one with ALTER TABLE " + request.source().dialect().quote(table.name())
                                + " ADD PRIMARY KEY (...); on both sides, leave the table out by the table filter, or load it in one"
                                + " piece with --skip-pk-check",
                        true));
            }
            if (recreates) {
                broken.addAll(types.checkCreated(table, mapping));
            } else if (there.isEmpty()) {
                stop(new Mismatch(
                        "missing_target_table",
                        table.name(),
                        "table " + mapping.target() + ": missing on the target",
                        "create it there, leave it out by the table filter, or let --table-handling"
                                + " drop-on-target-and-recreate make it",
                        true));
            } else if (request.tableOptions().purpose() == TableOptions.Purpose.REPLICATION) {
                compareForReplication(table, mapping, there.get());
            } else {
                broken.addAll(mismatches.check(
                        mapping.sourceView(table), mapping, mapping.targetView(there.get()), there.get()));
            }
        }
        broken.addAll(source.checkUserTypes(target, tables, mappings));
        warnOfReplication(tables, mappings);
        return broken;
    }

    /** The load carries more than what replicates from its checkpoint. */
    private void warnOfReplication(List<Table> tables, Map<TableName, MappedTable> mappings) {
        if (request.tableOptions().purpose() != TableOptions.Purpose.LOAD
                || !request.checkpoint().isTaken()) {
            return;
        }
        for (Table table : tables) {
            table.columns().stream()
                    .filter(column -> !mappings.get(table.name()).leftOut().contains(column.name())
                            && !column.type().isSupported())
                    .forEach(column -> problems.add(new Mismatch(
                            "type_not_replicated",
                            table.name(),
                            "column " + table.name() + "." + column.name() + ": type " + column.type()
                                    + " is loaded, but Godwit does not replicate it",
                            "",
                            false)));
        }
    }

    private void stop(Mismatch mismatch) {
        broken.add(mismatch.table());
        problems.add(mismatch);
    }

    private void compareForReplication(Table table, MappedTable mapping, Table there) {
        Catalog target = new Catalog(List.of(mapping.targetView(there)), List.of());
        for (StructureDifference difference : StructureComparison.compare(List.of(mapping.sourceView(table)), target)) {
            boolean whole = difference.column() == null;
            stop(new Mismatch(
                    "structure",
                    difference.table(),
                    (whole ? "table " + difference.table() : "column " + difference.table() + "." + difference.column())
                            + ": " + difference.message(),
                    "change one of the two sides so that they agree, or leave the table out by the table filter",
                    true));
        }
    }
}

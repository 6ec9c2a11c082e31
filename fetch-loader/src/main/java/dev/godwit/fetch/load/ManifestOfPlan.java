package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.file.FilePart;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.state.FetchLedger;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts together what the ledger knows of files and what the plan knows of tables. */
record ManifestOfPlan(FetchRequest request, FetchLedger ledger) {

    Manifest of(LoadPlan plan, String cdcCursor) throws SQLException {
        Map<TableName, List<FilePart>> files = ledger.files().stream()
                .collect(Collectors.groupingBy(
                        state -> state.table(), Collectors.mapping(state -> state.part(), Collectors.toList())));
        return new Manifest(
                Manifest.VERSION,
                ledger.fetchId(),
                cdcCursor.isEmpty() ? null : cdcCursor,
                request.files().orElseThrow().compression(),
                plan.tables().stream()
                        .map(table -> table(table, files.getOrDefault(table.name(), List.of())))
                        .toList());
    }

    private Manifest.Table table(TablePlan table, List<FilePart> files) {
        return new Manifest.Table(
                table.name(),
                table.target(),
                table.targetColumns(),
                table.parents(),
                condition(table.mapping()),
                files);
    }

    /** SQL of the source means nothing on the target, nor do names that it calls otherwise. */
    private String condition(MappedTable mapping) {
        if (mapping.rows().isEmpty()) {
            return "";
        }
        return mapping.rows()
                .flatMap(RowCondition::filter)
                .filter(filter -> filter.columns().stream()
                        .allMatch(column -> mapping.targetColumn(column).equals(column)))
                .map(filter -> mapping.where(request.target().dialect()))
                .orElse(null);
    }
}

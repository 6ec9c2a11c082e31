package dev.godwit.phase.file;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the phase, and which of its rows, as the user wrote it.
 *
 * @param place of the entry in the file
 * @param filter empty for the whole table
 * @param filterPlace of the filter; of the entry if there is none
 * @param ignored columns that appliers leave out
 * @param loadedAt the checkpoint of its own load, where the table was added to a phase that was replicating already
 */
public record TableEntry(
        Place place,
        TableName name,
        Optional<String> filter,
        Place filterPlace,
        Set<String> ignored,
        Optional<String> loadedAt) {
    public TableEntry {
        ignored = Set.copyOf(ignored);
    }

    /** @throws RefusedException if the catalog has no such table */
    public Table in(Catalog catalog, String side) {
        return catalog.table(name)
                .orElseThrow(() -> place.refuse(
                        "the " + side + " has no table " + name, "create it there, or take it out of \"tables\""));
    }

    /** @throws RefusedException if the table is missing or the filter does not fit it */
    public TableSlice slice(Catalog source) {
        Table table = in(source, "source");
        try {
            return new TableSlice(name, filter.map(text -> RowFilter.parse(text, table)), ignored, loadedAt);
        } catch (RefusedException e) {
            throw filterPlace.locate(e);
        }
    }
}

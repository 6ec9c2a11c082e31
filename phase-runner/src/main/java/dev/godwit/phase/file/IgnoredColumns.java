package dev.godwit.phase.file;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Columns that appliers leave out, written as {@code schema.table.column}. */
final class IgnoredColumns {
    private IgnoredColumns() {}

    /**
     * The entries, each knowing its columns.
     *
     * @throws RefusedException if a column is not written like that, or its table is not among the entries
     */
    static List<TableEntry> in(List<TableEntry> entries, List<String> columns) {
        List<TableEntry> result = new ArrayList<>(entries);
        columns.forEach(column -> ignore(result, column));
        return result;
    }

    private static void ignore(List<TableEntry> entries, String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw new RefusedException(
                    "\"" + text + "\" names no column", "write schema.table.column, in exact case and without quotes");
        }
        TableName table = TableName.parse(parts[0] + "." + parts[1]);
        for (int i = 0; i < entries.size(); i++) {
            TableEntry entry = entries.get(i);
            if (entry.name().equals(table)) {
                Set<String> ignored = new HashSet<>(entry.ignored());
                ignored.add(parts[2]);
                entries.set(
                        i,
                        new TableEntry(
                                entry.place(), table, entry.filter(), entry.filterPlace(), ignored, entry.loadedAt()));
                return;
            }
        }
        throw new RefusedException(
                "column " + text + " is to be ignored, but " + table + " is no table of the phase",
                "name a column of a table that stands in \"tables\"");
    }
}

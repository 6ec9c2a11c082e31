package dev.godwit.apply.assemble;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.HashMap;
import java.util.Map;

/**
 * The phase's row filter. A row that moves into the slice becomes an upsert, one that leaves it a delete.
 *
 * <p>Without its old image nobody can say whether a row was in the slice before; then the delete is kept, and the
 * writer deletes only what belongs to the slice on the target ({@code DELETE ... AND (filter)}). So a delete that
 * was not ours hits nothing.
 */
public final class Slicer {
    private final Map<TableName, RowFilter> filters;

    public Slicer(Map<TableName, RowFilter> filters) {
        this.filters = new HashMap<>(filters);
    }

    /** The change as this slice sees it; null if it does not concern the slice. */
    public Change slice(Change change) {
        RowFilter filter = filters.isEmpty() ? null : filters.get(change.table().name());
        if (filter == null || change.operation() == Operation.TRUNCATE) {
            return change;
        }
        if (change.operation() == Operation.UPSERT) {
            requireFilterColumns(filter, change);
            if (matches(filter, change.after())) {
                return change;
            }
        }
        return isSurelyOutside(filter, change.before()) ? null : change.withOperation(Operation.DELETE);
    }

    private static boolean isSurelyOutside(RowFilter filter, Row before) {
        if (before == null) {
            return false;
        }
        // NULL may stand for a value that was not sent (see DebeziumDecoder): then the target decides.
        boolean known =
                filter.columns().stream().allMatch(column -> before.isSent(column) && before.value(column) != null);
        return before.isNone() || (known && !matches(filter, before));
    }

    private static boolean matches(RowFilter filter, Row row) {
        return filter.matches(row::value);
    }

    private static void requireFilterColumns(RowFilter filter, Change change) {
        for (String column : filter.columns()) {
            if (!change.after().isSent(column)) {
                throw new dev.godwit.apply.ApplyException(
                        "the filter of " + change.table() + " looks at column \"" + column
                                + "\", whose unchanged value the source did not send for " + change
                                + "; run on the source: ALTER TABLE " + change.table() + " REPLICA IDENTITY FULL");
            }
        }
    }
}

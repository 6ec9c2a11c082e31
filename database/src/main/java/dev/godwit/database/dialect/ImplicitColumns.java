package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Columns that CockroachDB adds in front of a key by itself: the shard of a hash-sharded index ({@code crdb_internal_..._shard_16}),
 * the region of a {@code REGIONAL BY ROW} table ({@code crdb_region}). They are hidden, the database makes their values, and the key
 * is unique without them. The same table elsewhere does not have them, so they are neither key nor written here.
 *
 * <p>A key of hidden columns alone is the {@code rowid} of a table without a key of its own, and stays.
 */
final class ImplicitColumns {
    private final Set<String> hidden = new HashSet<>();

    ImplicitColumns(Collection<Column> columns) {
        columns.stream().filter(Column::hidden).forEach(column -> hidden.add(column.name()));
    }

    /** The columns of a primary or unique key that the user has named. */
    List<String> logicalKey(List<String> key) {
        List<String> logical = new ArrayList<>(key);
        logical.removeIf(hidden::contains);
        return logical.isEmpty() ? key : List.copyOf(logical);
    }

    /** A hidden column outside of the key has a value of the database's own. */
    Column column(Column column, List<String> logicalKey) {
        return column.hidden() && !logicalKey.contains(column.name())
                ? new Column(column.name(), column.type(), column.nullable(), Generation.COMPUTED, true)
                : column;
    }
}

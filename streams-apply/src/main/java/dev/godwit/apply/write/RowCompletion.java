package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Completes rows whose key has changed and of which only a part was sent: the rest is read from the row of the old
 * key, before that is deleted.
 */
final class RowCompletion {
    private RowCompletion() {}

    /** Reads inside the transaction of the connection. May run again on the same batch. */
    static void complete(Connection connection, Dialect dialect, FoldedBatch batch) throws SQLException {
        for (TableChanges table : batch.tables()) {
            Map<Key, Row> completed = new LinkedHashMap<>();
            for (Change change : table.changes()) {
                if (change.movedFrom() != null) {
                    completed.put(change.key(), completed(connection, dialect, change));
                }
            }
            if (!completed.isEmpty()) {
                table.replaceAll(change -> {
                    Row row = completed.get(change.key());
                    return row == null ? change : change.withAfter(row, change.movedFrom());
                });
            }
        }
    }

    private static Row completed(Connection connection, Dialect dialect, Change change) throws SQLException {
        Table table = change.table();
        List<Column> columns = table.writableColumns();
        Optional<String[]> found =
                dialect.row(connection, table, columns, change.movedFrom().values());
        if (found.isEmpty()) {
            return change.after(); // stays partial, and the update that finds no row says so
        }
        Row old = change.after().ofSameTable();
        for (int i = 0; i < columns.size(); i++) {
            old.set(table.columns().indexOf(columns.get(i)), found.get()[i]);
        }
        return change.after().over(old);
    }
}

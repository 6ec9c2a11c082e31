package dev.godwit.local.changefeed;

import dev.godwit.database.catalog.TableName;
import dev.godwit.local.changefeed.LogMessage.TupleValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of one transaction, folded as CockroachDB shows them: each key once, in its last version; a changed primary key as a delete
 * of the old and an insert of the new one. Held in memory whole.
 */
final class FeedTransaction {
    private final long commitMicros;
    private final Map<RowKey, RowChange> changes = new LinkedHashMap<>();

    private record RowKey(TableName table, String key) {}

    FeedTransaction(long commitMicros) {
        this.commitMicros = commitMicros;
    }

    long commitNanos() {
        return commitMicros * 1000;
    }

    void insert(FeedTable table, List<TupleValue> row) {
        change(table, row).arrives(row);
    }

    void update(FeedTable table, List<TupleValue> before, List<TupleValue> after) {
        delete(table, before);
        insert(table, table.complete(before, after));
    }

    void delete(FeedTable table, List<TupleValue> before) {
        if (before == null) {
            throw new FeedFailedException("the log of table " + table.name()
                    + " holds no old rows: its REPLICA IDENTITY FULL was taken away after the feed was made");
        }
        boolean first = !changes.containsKey(new RowKey(table.name(), table.key(before)));
        change(table, before).leaves(before, first);
    }

    private RowChange change(FeedTable table, List<TupleValue> row) {
        String key = table.key(row);
        return changes.computeIfAbsent(new RowKey(table.name(), key), name -> new RowChange(table, key));
    }

    /** Without those keys that are after the transaction what they were before: not there. */
    Collection<RowChange> changes() {
        return changes.values().stream().filter(change -> !change.isNothing()).toList();
    }
}

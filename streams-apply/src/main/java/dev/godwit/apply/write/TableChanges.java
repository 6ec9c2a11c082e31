package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a batch does to one table, folded to the last change of each key. */
final class TableChanges {
    private final Table table;
    private final Map<Key, Change> changes = new LinkedHashMap<>();
    /** Rows that were written and then deleted in this batch: a row whose key changed is completed from them. */
    private final Map<Key, Row> deletedImages = new HashMap<>();
    /** For a deleted key, the key under which its row stands on the target. */
    private final Map<Key, Key> movedFrom = new HashMap<>();

    private Change truncate;

    TableChanges(Table table) {
        this.table = table;
    }

    void add(Change change) {
        if (change.operation() == Operation.TRUNCATE) {
            changes.clear();
            deletedImages.clear();
            movedFrom.clear();
            truncate = change;
            return;
        }
        if (change.movedFrom() == null && changes.putIfAbsent(change.key(), change) == null) {
            return; // as nearly all: the first one of its key
        }
        Change earlier = changes.remove(change.key()); // removed and put again: the order is that of the last change
        if (change.operation() == Operation.DELETE && earlier != null && earlier.operation() == Operation.UPSERT) {
            deletedImages.put(change.key(), earlier.after());
            movedFrom.put(change.key(), earlier.movedFrom() == null ? change.key() : earlier.movedFrom());
        }
        changes.put(change.key(), folded(earlier, change));
    }

    private Change folded(Change earlier, Change change) {
        boolean partial =
                change.operation() == Operation.UPSERT && change.after().isPartial();
        if (!partial) {
            // A row that is older than a column may follow one that knows it: a feed that repeats itself by an older
            // schema.
            boolean lacks = change.operation() == Operation.UPSERT
                    && change.after().hasYounger()
                    && earlier != null
                    && earlier.operation() == Operation.UPSERT;
            return lacks ? change.withAfter(change.after().over(earlier.after()), earlier.movedFrom()) : change;
        }
        if (change.movedFrom() != null) {
            Key from = change.movedFrom();
            Row image = deletedImages.get(from);
            return change.withAfter(
                    image == null ? change.after() : change.after().over(image), movedFrom.getOrDefault(from, from));
        }
        if (earlier == null) {
            return change;
        }
        if (earlier.operation() == Operation.DELETE) {
            throw new ApplyException("the source sent only a part of the row for " + change
                    + ", but that key was deleted before it (" + earlier.origin() + "); run on the source: ALTER TABLE "
                    + change.table() + " REPLICA IDENTITY FULL");
        }
        return change.withAfter(change.after().over(earlier.after()), earlier.movedFrom());
    }

    /** Replaces changes one by one. */
    void replaceAll(UnaryOperator<Change> replacement) {
        changes.replaceAll((key, change) -> replacement.apply(change));
    }

    boolean has(Operation operation) {
        return changes.values().stream().anyMatch(change -> change.operation() == operation);
    }

    Table table() {
        return table;
    }

    /** All rows go before anything else happens to the table; null if not. */
    Change truncate() {
        return truncate;
    }

    /** At most one for each key. */
    Collection<Change> changes() {
        return changes.values();
    }
}

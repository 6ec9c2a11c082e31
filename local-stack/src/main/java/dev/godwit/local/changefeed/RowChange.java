package dev.godwit.local.changefeed;

import dev.godwit.local.changefeed.LogMessage.TupleValue;
import java.util.List;
import java.util.Objects;

/** What one transaction did to the row of one key: how it was before the transaction, and how it is after. */
final class RowChange {
    private final FeedTable table;
    private final String key;
    private List<TupleValue> before;
    private List<TupleValue> after;

    RowChange(FeedTable table, String key) {
        this.table = table;
        this.key = key;
    }

    void leaves(List<TupleValue> row, boolean firstTouch) {
        if (firstTouch) {
            before = row;
        } else if (before == null && !Objects.equals(after, row)) {
            // Only where the primary key is deferrable: the new row with this key came before the old one went.
            before = row;
            return;
        }
        after = null;
    }

    void arrives(List<TupleValue> row) {
        after = row;
    }

    boolean isNothing() {
        return before == null && after == null;
    }

    String topic() {
        return table.topic();
    }

    String key() {
        return key;
    }

    /** The wrapped envelope with diff and key_in_value. */
    String value(HlcTimestamp updated) {
        return "{\"after\": " + object(after) + ", \"before\": " + object(before) + ", \"key\": " + key
                + ", \"updated\": \"" + updated + "\"}";
    }

    private String object(List<TupleValue> row) {
        return row == null ? "null" : table.object(row);
    }
}

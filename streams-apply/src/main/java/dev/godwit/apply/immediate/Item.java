package dev.godwit.apply.immediate;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Position;
import dev.godwit.database.catalog.TableName;
import org.apache.kafka.common.TopicPartition;

/**
 * A record on its way to the target.
 *
 * @param change null if there is nothing to write
 * @param position of the change in the source's log, or what a resolved timestamp promises; null if there is none
 * @param seen what has to be remembered of the topic's records up to this one; null if nothing has changed in that
 * @param needed the first record that has to be read again after a restart to remember the rest
 * @param resolved whether everything up to {@code position} has come in this topic
 * @param marker of a drain; null if there is none
 */
record Item(
        TopicPartition partition,
        long offset,
        Change change,
        Position position,
        Object seen,
        long needed,
        boolean resolved,
        String marker) {

    /** A row, whatever its version. */
    record RowKey(TableName table, Key key) {}

    RowKey rowKey() {
        return new RowKey(change.table().name(), change.key());
    }
}

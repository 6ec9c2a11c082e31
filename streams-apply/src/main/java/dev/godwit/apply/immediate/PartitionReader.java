package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Makes items of events: what is in already, has come before, or is outside the slice has nothing to write. Used by one thread. */
final class PartitionReader {
    private final Slicer slicer;
    private final boolean changefeed;
    private final boolean alone;
    private final Records inherited;
    private final Consumer<Item> items;
    private final Map<TopicPartition, Seen> seen = new HashMap<>();

    /**
     * @param changefeed whether the events are of a changefeed; else of Debezium
     * @param alone whether this is the only partition
     * @param inherited which records are in, by the ledger
     */
    PartitionReader(Slicer slicer, boolean changefeed, boolean alone, Records inherited, Consumer<Item> items) {
        this.slicer = slicer;
        this.changefeed = changefeed;
        this.alone = alone;
        this.inherited = inherited;
        this.items = items;
    }

    void accept(Origin origin, Event event) {
        Seen before = seen.computeIfAbsent(origin.partition(), this::newSeen);
        if (event instanceof Event.TransactionRow row) {
            row(origin, before, event, row.meaning(), row.change(), row.position(), row.marker());
        } else if (event instanceof Event.TimestampedRow row) {
            row(origin, before, event, row.meaning(), row.change(), row.updated(), row.marker());
        } else if (event instanceof Event.Resolved promise) {
            before.resolved(promise);
            item(origin, before, null, promise.resolved(), true, null);
        } else {
            item(origin, before, null, null, false, null);
        }
    }

    /**
     * Of a row that does not fit its table any more: it may pass if it is in already.
     *
     * @throws SchemaChangedException {@code why}, if it is not, or if that cannot be told
     */
    void acceptUnreadable(Origin origin, SchemaChangedException why) {
        Event row = why.row().orElseThrow(() -> why);
        Seen before = seen.computeIfAbsent(origin.partition(), this::newSeen);
        Records.OfTopic old = inherited.of(origin.partition());
        boolean waits = origin.offset() < old.next() && !old.isIn(origin.offset());
        if (waits || !before.isPassed(origin, row)) {
            throw why;
        }
        Position position = row instanceof Event.TransactionRow transaction
                ? transaction.position()
                : ((Event.TimestampedRow) row).updated();
        item(origin, before, null, position, false, null);
    }

    private Seen newSeen(TopicPartition partition) {
        Object mark = inherited.of(partition).seen();
        String text = mark == null ? null : mark.toString();
        return changefeed ? new SeenVersions(text) : new SeenTransactions(text);
    }

    private void row(
            Origin origin, Seen before, Event event, Meaning meaning, Change change, Position position, String marker) {
        if (meaning != Meaning.DATA) {
            item(origin, before, null, position, false, marker);
            return;
        }
        if (change.operation() == Operation.TRUNCATE && !alone) {
            throw new ApplyException(
                    change + " concerns all partitions, and mode immediate keeps no order between them."
                            + " Delete the rows instead; load the phase again, or in another mode");
        }
        Records.OfTopic old = inherited.of(origin.partition());
        boolean isRead = origin.offset() < old.next();
        if (isRead) {
            before.again(origin, event);
        }
        boolean nothing = isRead ? old.isIn(origin.offset()) : before.isRepeated(origin, event);
        item(origin, before, nothing ? null : slicer.slice(change), position, false, null);
    }

    private void item(Origin origin, Seen before, Change change, Position position, boolean resolved, String marker) {
        items.accept(new Item(
                origin.partition(),
                origin.offset(),
                change,
                position,
                before.mark(),
                before.needed(origin.offset() + 1),
                resolved && position instanceof HybridTimestamp,
                marker));
    }
}

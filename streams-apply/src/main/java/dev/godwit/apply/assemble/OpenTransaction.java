package dev.godwit.apply.assemble;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.spill.ChangeBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** A Debezium transaction of which not everything has come yet. */
final class OpenTransaction {
    private final String id;
    private final RestartOffsets.Holder holder = new RestartOffsets.Holder();
    private final Map<String, Seen> seen = new HashMap<>();
    /** By their slots. Only what the slice keeps; what was sliced away is merely counted. */
    private final ChangeBuffer changes;

    private final Set<TopicPartition> partitions = new HashSet<>(4);
    private final BitSet slots = new BitSet();
    /** Whether two events had the same total_order. */
    private boolean renumbered;

    private long seenCount;
    private Position latestRow;
    private boolean echo;
    private String marker;
    private Event.TransactionEnd end;
    private SchemaChangedException unreadable;

    /** Which events of a collection have come. */
    private static final class Seen {
        private final BitSet orders = new BitSet();
        private int count;
        private int lastSlot;
    }

    OpenTransaction(String id, ChangeBuffer changes) {
        this.id = id;
        this.changes = changes;
        holder.onRelease(changes::discard);
    }

    String id() {
        return id;
    }

    RestartOffsets.Holder holder() {
        return holder;
    }

    /** @return whether this is the first row from this topic */
    boolean beginsIn(TopicPartition partition) {
        return partitions.add(partition);
    }

    /** The topics that rows have come from. */
    Set<TopicPartition> partitions() {
        return partitions;
    }

    /**
     * Where the event has its place among those that have come: by its total_order. Only where the transaction has come twice, the second time with events of more
     * tables, another one may be there already; then behind it, and behind those of its table.
     *
     * @return 0 if this event had come before
     */
    long add(Event.TransactionRow row) {
        Seen ofCollection = seen.computeIfAbsent(row.collection(), collection -> new Seen());
        int order = Math.toIntExact(row.collectionOrder());
        if (ofCollection.orders.get(order)) {
            return 0;
        }
        ofCollection.orders.set(order);
        ofCollection.count++;
        seenCount++;
        int slot = Math.toIntExact(row.totalOrder());
        if (renumbered || slots.get(slot)) {
            renumbered = true;
            slot = slots.nextClearBit(Math.max(slot, ofCollection.lastSlot + 1));
        }
        slots.set(slot);
        ofCollection.lastSlot = Math.max(ofCollection.lastSlot, slot);
        if (latestRow == null || row.position().compareTo(latestRow) > 0) {
            latestRow = row.position();
        }
        echo |= row.meaning() == Meaning.ECHO;
        if (row.marker() != null) {
            marker = row.marker();
        }
        return slot;
    }

    void keep(long slot, Change change) {
        changes.add(slot, change);
    }

    /** One of its rows does not fit the tables as they are now, which matters only if it is to be applied. */
    void unreadable(SchemaChangedException why) {
        if (unreadable == null) {
            unreadable = why;
        }
    }

    void end(Event.TransactionEnd transactionEnd) {
        end = transactionEnd;
    }

    boolean hasEnd() {
        return end != null;
    }

    boolean isWhole() {
        return end != null
                && seenCount >= end.eventCount()
                && end.eventCounts().keySet().stream().allMatch(collection -> missing(collection) <= 0);
    }

    /** Whether its rows stand before those of an ended transaction, in the source's log and in some topic. */
    boolean isBefore(OpenTransaction ended) {
        return latestRow != null && latestRow.compareTo(ended.endPosition()) < 0 && holder.beginsBefore(ended.holder);
    }

    /** Whether all its rows that have come stand before a position in the source's log. */
    boolean isBefore(Position position) {
        return latestRow.compareTo(position) < 0;
    }

    Position endPosition() {
        return end.position();
    }

    /** How many events that END counted have not come from this collection. */
    long missing(String collection) {
        Seen ofCollection = seen.get(collection);
        return end.eventCounts().getOrDefault(collection, 0L) - (ofCollection == null ? 0 : ofCollection.count);
    }

    /**
     * A transaction that Godwit itself wrote for the opposite direction keeps its position and loses its changes.
     *
     * @param begunAt up to which place an earlier run has written it; null if it has not
     * @throws SchemaChangedException if one of its rows is unreadable
     */
    Transaction toTransaction(Long begunAt) {
        changes.seal();
        if (echo) {
            return new Transaction(id, end.position(), end.committedAt(), List.of(), marker, null);
        }
        if (unreadable != null) {
            throw unreadable;
        }
        List<Change> inMemory = begunAt == null ? changes.changes() : changes.changesBehind(begunAt);
        return new Transaction(id, end.position(), end.committedAt(), inMemory, marker, changes.spilled());
    }

    /** It is none of this domain's business any more. */
    void drop() {
        changes.seal();
    }
}

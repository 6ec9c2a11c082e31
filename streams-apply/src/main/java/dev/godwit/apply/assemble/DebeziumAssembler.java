package dev.godwit.apply.assemble;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.BinlogPosition;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.spill.SpillSpace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Assembles Debezium transactions: rows come from the topics of their tables, boundaries from the transaction
 * topic, and nothing is promised about the order between topics. A transaction is whole when its END has come and
 * as many distinct events as END counts; transactions are released in the order of their ENDs, which is the commit
 * order.
 *
 * <p>Redelivery: after a crash of the connector, a stretch of events comes again, perhaps from the middle of a
 * transaction. Events of a transaction carry a running number among those of their table ({@code data_collection_order}), so a
 * repeated one is known by it; transactions already released, or covered by the consistent point, are known by their id and end
 * position. The other running number ({@code total_order}), and the place of the END of MySQL, which is that of the last row, may be
 * others when a transaction comes again after tables were added to the connector.
 *
 * <p>Loss: within a topic, events come in commit order. If an event of a later transaction is seen while an ended
 * one still misses events of that topic, those are lost (retention, a filtering transform); waiting on would be for
 * ever.
 */
public final class DebeziumAssembler implements Assembler {
    /** Ids of finished transactions that are remembered, to recognise late duplicates. */
    private static final int FINISHED_MAX = 200_000;

    private final Slicer slicer;
    private final RestartOffsets offsets;
    private final SpillSpace space;
    private final Released released;
    private final Map<String, OpenTransaction> open = new HashMap<>();
    private final Deque<OpenTransaction> ended = new ArrayDeque<>();
    private final Map<String, Position> finished = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > FINISHED_MAX;
        }
    };
    /** The greatest row position seen of each collection; a collection has one topic. */
    private final Map<String, Latest> latestByCollection = new HashMap<>();
    /** The transaction of the last row, if it is open still: mostly the next row of the topic is of the same. */
    private OpenTransaction last;

    private final Map<Position, Long> begun;
    private final Position startedAt;
    /** The open transactions of each topic, in the order in which they begin there. */
    private final Map<TopicPartition, Deque<OpenTransaction>> beginning = new HashMap<>();

    private Position lastEnd;

    /**
     * @param space for the changes of open transactions
     * @param state of the ledger
     */
    public DebeziumAssembler(
            Slicer slicer, RestartOffsets offsets, SpillSpace space, DomainState state, Released released) {
        this.slicer = slicer;
        this.offsets = offsets;
        this.space = space;
        this.begun = state.begun();
        this.startedAt = state.consistentPoint();
        this.lastEnd = state.consistentPoint();
        this.released = released;
    }

    /** The position of a collection's latest row. */
    private static final class Latest {
        private Position position;

        private void see(Position other) {
            if (position == null || other.compareTo(position) > 0) {
                position = other;
            }
        }
    }

    @Override
    public void accept(Origin origin, Event event) {
        if (event instanceof Event.TransactionRow row) {
            acceptRow(origin, row, null);
        } else if (event instanceof Event.TransactionEnd end) {
            acceptEnd(origin, end);
        } else {
            offsets.seen(origin.partition(), origin.offset());
        }
        releaseWhatIsWhole();
    }

    /** A row behind the last END is of no transaction that was applied; of all others, only their END tells. */
    @Override
    public void acceptUnreadable(Origin origin, SchemaChangedException why) {
        if (!(why.row().orElse(null) instanceof Event.TransactionRow row)
                || lastEnd == null
                || row.position().compareTo(lastEnd) > 0) {
            throw why;
        }
        acceptRow(origin, row, why);
        releaseWhatIsWhole();
    }

    private void releaseWhatIsWhole() {
        while (!ended.isEmpty() && ended.peek().isWhole()) {
            release(ended.poll());
        }
    }

    private void close(String id) {
        open.remove(id);
        last = null;
    }

    @Override
    public int openTransactions() {
        return open.size();
    }

    /** @param unreadable why it has no change; null if it has */
    private void acceptRow(Origin origin, Event.TransactionRow row, SchemaChangedException unreadable) {
        OpenTransaction transaction = last;
        // While it is open, nothing changes about whether one of the same id was finished before.
        if (transaction == null || !transaction.id().equals(row.transactionId())) {
            Position end = finished.get(row.transactionId());
            if (end != null && (isOfGtid(end) || row.position().compareTo(end) <= 0)) {
                offsets.seen(origin.partition(), origin.offset());
                return;
            }
            transaction = open.computeIfAbsent(row.transactionId(), this::begun);
            last = end == null ? transaction : null;
        }
        latestByCollection
                .computeIfAbsent(row.collection(), collection -> new Latest())
                .see(row.position());
        offsets.seen(origin.partition(), origin.offset(), transaction.holder());
        if (transaction.beginsIn(origin.partition())) {
            beginning
                    .computeIfAbsent(origin.partition(), partition -> new ArrayDeque<>())
                    .add(transaction);
        }
        long slot = transaction.add(row);
        if (slot > 0 && unreadable != null) {
            transaction.unreadable(unreadable);
        } else if (slot > 0 && row.meaning() == Meaning.DATA) {
            Change change = slicer.slice(row.change());
            if (change != null) {
                transaction.keep(slot, change);
            }
        }
        refuseLoss();
    }

    /** GTIDs are never used again; the ids of PostgreSQL are, after some time. */
    private static boolean isOfGtid(Position position) {
        return position instanceof BinlogPosition;
    }

    private OpenTransaction begun(String id) {
        return new OpenTransaction(id, space.newBuffer());
    }

    private void acceptEnd(Origin origin, Event.TransactionEnd end) {
        if (isOfGtid(end.position()) && hasEnded(end.transactionId())) {
            offsets.seen(origin.partition(), origin.offset());
            return;
        }
        if (lastEnd != null && end.position().compareTo(lastEnd) <= 0) {
            offsets.seen(origin.partition(), origin.offset());
            OpenTransaction known = open.get(end.transactionId());
            if (known != null && known.hasEnd()) {
                return; // its END came twice, while some of its rows are still on their way
            }
            // Released before, or applied by an earlier run: its rows, here or still to come, are duplicates.
            if (known != null) {
                close(end.transactionId());
                known.drop();
                offsets.release(known.holder());
            }
            finished.put(end.transactionId(), end.position());
            return;
        }
        lastEnd = end.position();
        OpenTransaction transaction = open.computeIfAbsent(end.transactionId(), this::begun);
        offsets.seen(origin.partition(), origin.offset(), transaction.holder());
        transaction.end(end);
        ended.add(transaction);
        refuseLoss();
    }

    private boolean hasEnded(String id) {
        OpenTransaction known = open.get(id);
        return finished.containsKey(id) || (known != null && known.hasEnd());
    }

    private void release(OpenTransaction transaction) {
        close(transaction.id());
        finished.put(transaction.id(), transaction.endPosition());
        transaction.partitions().forEach(partition -> lookBefore(transaction, partition));
        Transaction whole = transaction.toTransaction(begun.get(transaction.endPosition()));
        released.release(whole, transaction.holder());
    }

    /**
     * Looks at the transactions that begin in this topic before the one that is released, and are still open:
     * mostly none.
     */
    private void lookBefore(OpenTransaction releasedNow, TopicPartition partition) {
        Deque<OpenTransaction> queue = beginning.get(partition);
        Deque<OpenTransaction> kept = new ArrayDeque<>();
        for (OpenTransaction other = queue.poll(); other != releasedNow; other = queue.poll()) {
            boolean isOpen = open.get(other.id()) == other;
            if (isOpen && isLeftover(other, releasedNow)) {
                close(other.id());
            } else if (isOpen) {
                kept.push(other);
            }
        }
        kept.forEach(queue::addFirst);
    }

    /**
     * Whether {@code other} consists of duplicates of a transaction that was applied before this life, and whose END
     * lies before the place from which the transaction topic is read again, so that it will never come. Within a topic
     * rows come in commit order: had {@code other} committed before the released transaction, its END would have come
     * before that one's.
     *
     * @throws ApplyException if it is of this life: then its END is lost
     */
    private boolean isLeftover(OpenTransaction other, OpenTransaction releasedNow) {
        if (other.hasEnd() || !other.isBefore(releasedNow)) {
            return false;
        }
        if (startedAt == null || !other.isBefore(startedAt)) {
            throw new ApplyException("the end of transaction " + other.id()
                    + " is missing in the transaction topic, although " + releasedNow.id() + ", which the source"
                    + " committed later (" + releasedNow.endPosition() + "), has ended: it was lost between the"
                    + " connector and this applier. Check the retention of the transaction topic; then load the phase"
                    + " again");
        }
        other.drop();
        offsets.release(other.holder());
        return true;
    }

    /** Only the first ended transaction is looked at: those behind it wait for it anyway. */
    private void refuseLoss() {
        OpenTransaction first = ended.peek();
        if (first == null || first.isWhole()) {
            return;
        }
        for (Map.Entry<String, Latest> latest : latestByCollection.entrySet()) {
            if (latest.getValue().position.compareTo(first.endPosition()) > 0) {
                long missing = first.missing(latest.getKey());
                if (missing > 0) {
                    throw new ApplyException(
                            "the topic of " + latest.getKey() + " lacks " + missing + " event(s) of transaction "
                                    + first.id() + " (ended at " + first.endPosition()
                                    + "): they were lost between the connector and this applier. Check the topic's retention, and that no transform in"
                                    + " Connect filters events; then load the phase again");
                }
            }
        }
    }
}

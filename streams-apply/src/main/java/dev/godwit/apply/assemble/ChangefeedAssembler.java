package dev.godwit.apply.assemble;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.spill.ChangeBuffer;
import dev.godwit.apply.spill.SpillSpace;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Assembles changefeed messages: rows with one {@code updated} timestamp are one transaction, whole when every
 * partition of every topic has promised, by {@code resolved}, that nothing new at or before that timestamp will
 * follow.
 *
 * <p>Changefeeds repeat messages, in any order and with gaps. A repeated message at or before the last release is
 * dropped; one after it replaces its equal. So no key ever goes back to an older value.
 */
public final class ChangefeedAssembler implements Assembler {
    /** A transaction has fewer changes than this many bits count. */
    private static final int RANK_SHIFT = 40;

    private final Slicer slicer;
    private final RestartOffsets offsets;
    private final SpillSpace space;
    private final ToIntFunction<Change> writeOrder;
    private final Released released;
    private final Map<TopicPartition, HybridTimestamp> resolved = new HashMap<>();
    /** The offset of the message that made the promise in {@link #resolved}. */
    private final Map<TopicPartition, Long> promisedAt = new HashMap<>();

    private final TreeMap<HybridTimestamp, Group> groups = new TreeMap<>();
    /** Promises beyond the last release: a restart has to hear them again, for the feed may be silent for long. */
    private RestartOffsets.Holder promises = new RestartOffsets.Holder();

    private HybridTimestamp releasedUpTo;

    /**
     * @param space for the changes of timestamps that no promise covers yet
     * @param writeOrder a changefeed gives no order within a transaction; where one is too large for memory, its changes
     *     are written by this rank
     * @param partitions all input partitions: a promise is needed from each
     * @param consistentPoint of the ledger; null if nothing has been applied yet
     */
    public ChangefeedAssembler(
            Slicer slicer,
            RestartOffsets offsets,
            SpillSpace space,
            ToIntFunction<Change> writeOrder,
            Collection<TopicPartition> partitions,
            HybridTimestamp consistentPoint,
            Released released) {
        this.slicer = slicer;
        this.offsets = offsets;
        this.space = space;
        this.writeOrder = writeOrder;
        this.released = released;
        this.releasedUpTo = consistentPoint == null ? new HybridTimestamp(0, 0) : consistentPoint;
        partitions.forEach(partition -> resolved.put(partition, releasedUpTo));
    }

    /** The rows of one timestamp. */
    private static final class Group {
        private final RestartOffsets.Holder holder = new RestartOffsets.Holder();
        private final ChangeBuffer changes;
        private long added;
        private boolean echo;
        private String marker;

        private Group(ChangeBuffer changes) {
            this.changes = changes;
            holder.onRelease(changes::discard);
        }

        private Transaction toTransaction(HybridTimestamp updated) {
            changes.seal();
            return echo
                    ? new Transaction(updated, updated.instant(), List.of(), marker)
                    : new Transaction(updated, updated.instant(), changes.changes(), marker, changes.spilled());
        }
    }

    @Override
    public void accept(Origin origin, Event event) {
        if (event instanceof Event.TimestampedRow row && row.updated().compareTo(releasedUpTo) > 0) {
            Group group = groups.computeIfAbsent(row.updated(), updated -> new Group(space.newBuffer()));
            offsets.seen(origin.partition(), origin.offset(), group.holder);
            add(group, row);
            return;
        }
        if (event instanceof Event.Resolved promise
                && promise.resolved().compareTo(resolved.get(origin.partition())) > 0) {
            offsets.seen(origin.partition(), origin.offset(), promises);
            promisedAt.put(origin.partition(), origin.offset());
            resolved.put(origin.partition(), promise.resolved());
            releaseUpTo(
                    resolved.values().stream().min(HybridTimestamp::compareTo).orElseThrow());
            return;
        }
        offsets.seen(origin.partition(), origin.offset());
    }

    @Override
    public void acceptUnreadable(Origin origin, SchemaChangedException why) {
        if (!(why.row().orElse(null) instanceof Event.TimestampedRow row)
                || row.updated().compareTo(releasedUpTo) > 0) {
            throw why;
        }
        offsets.seen(origin.partition(), origin.offset());
    }

    @Override
    public int openTransactions() {
        return groups.size();
    }

    private void add(Group group, Event.TimestampedRow row) {
        group.echo |= row.meaning() == Meaning.ECHO;
        if (row.marker() != null) {
            group.marker = row.marker();
        }
        if (row.meaning() == Meaning.DATA) {
            Change change = slicer.slice(row.change());
            List<Object> key = List.of(row.change().table().name(), row.change().key());
            if (change != null) {
                long order = ((long) writeOrder.applyAsInt(change) << RANK_SHIFT) | group.added++;
                group.changes.replace(key, order, change);
            }
        }
    }

    private void releaseUpTo(HybridTimestamp promised) {
        if (promised.compareTo(releasedUpTo) <= 0) {
            return;
        }
        releasedUpTo = promised;
        while (!groups.isEmpty() && groups.firstKey().compareTo(promised) <= 0) {
            Map.Entry<HybridTimestamp, Group> first = groups.pollFirstEntry();
            Group group = first.getValue();
            released.release(group.toTransaction(first.getKey()), group.holder);
        }
        RestartOffsets.Holder kept = promises;
        promises = new RestartOffsets.Holder();
        resolved.forEach((partition, promise) -> {
            if (promise.compareTo(promised) > 0) {
                offsets.keep(partition, promisedAt.get(partition), promises);
            }
        });
        released.release(Transaction.empty(promised, promised.instant()), kept);
    }
}

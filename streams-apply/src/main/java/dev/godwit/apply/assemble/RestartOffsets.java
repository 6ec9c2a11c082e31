package dev.godwit.apply.assemble;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows, for every input partition, from which offset a new owner would have to read: the lowest offset that some
 * unapplied transaction still needs, or the next unread one. Thread-safe: the stream thread adds, the one that
 * advances the consistent point removes.
 */
public final class RestartOffsets {
    private final Map<TopicPartition, PartitionOffsets> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> inherited;
    /** Neighbouring records mostly are of one partition. */
    private TopicPartition lastPartition;

    private PartitionOffsets last;

    /** Nothing has been read, by nobody. */
    public RestartOffsets() {
        this(Map.of());
    }

    /**
     * Goes on from where the ledger stands: partitions in which nothing new comes keep their place there.
     *
     * @param inherited of the ledger
     */
    public RestartOffsets(Map<TopicPartition, Long> inherited) {
        this.inherited = Map.copyOf(inherited);
        inherited.forEach((partition, offset) -> of(partition).startAt(offset));
    }

    /** What one unapplied transaction needs: the first offset of it in each partition. */
    public static final class Holder {
        // Few: a list is shorter to look through than a map.
        private final List<PartitionOffsets> partitions = new ArrayList<>(4);
        private long[] first = new long[4];
        private boolean released;
        private Runnable onRelease = () -> {};

        /** What to do when nothing of the transaction is needed any more, in the thread that releases it. */
        void onRelease(Runnable action) {
            onRelease = action;
        }

        boolean isReleased() {
            return released;
        }

        private void need(PartitionOffsets partition, long offset) {
            if (partitions.contains(partition)) {
                return;
            }
            if (first.length == partitions.size()) {
                first = Arrays.copyOf(first, first.length * 2);
            }
            first[partitions.size()] = offset;
            partitions.add(partition);
            partition.need(offset, this);
        }

        /** Whether in some partition this one begins before the other does. To be called by the thread that adds. */
        boolean beginsBefore(Holder other) {
            for (int i = 0; i < partitions.size(); i++) {
                int place = other.partitions.indexOf(partitions.get(i));
                if (place >= 0 && first[i] < other.first[place]) {
                    return true;
                }
            }
            return false;
        }
    }

    private PartitionOffsets of(TopicPartition partition) {
        if (!partition.equals(lastPartition)) {
            last = partitions.computeIfAbsent(partition, any -> new PartitionOffsets());
            lastPartition = partition;
        }
        return last;
    }

    /** Notes a record that belongs to the transaction of the holder, which is not released. */
    synchronized void seen(TopicPartition partition, long offset, Holder holder) {
        of(partition).read(offset);
        keep(partition, offset, holder);
    }

    /** Keeps a record that was seen before for another holder, which is not released. */
    synchronized void keep(TopicPartition partition, long offset, Holder holder) {
        if (holder.released) {
            throw new IllegalStateException("what is released needs nothing any more");
        }
        holder.need(of(partition), offset);
    }

    /** Notes a record that nobody needs again. */
    synchronized void seen(TopicPartition partition, long offset) {
        of(partition).read(offset);
    }

    /** The transaction is applied, or is none of this domain's business. */
    public void release(Holder holder) {
        Runnable action;
        synchronized (this) {
            if (holder.released) {
                return;
            }
            holder.released = true;
            holder.partitions.forEach(PartitionOffsets::released);
            action = holder.onRelease;
            holder.onRelease = () -> {}; // whoever still knows the holder need not keep the changes in memory
        }
        action.run();
    }

    /** A partition of which nothing has ever been read is not in the map. */
    public synchronized Map<TopicPartition, Long> snapshot() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, needed) -> {
            if (needed.restart() >= 0) {
                offsets.put(partition, needed.restart());
            }
        });
        // Reading may have begun further back. What the ledger did not need then, it does not need now; and Kafka's
        // committed offsets, which follow the ledger, must never be found ahead of it.
        inherited.forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        return offsets;
    }
}

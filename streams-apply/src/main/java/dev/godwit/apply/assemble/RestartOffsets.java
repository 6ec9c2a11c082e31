package dev.godwit.apply.assemble;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows, for every input partition, from which offset a new owner would have to read: the lowest offset that some
 * unapplied transaction still needs, or the next unread one. Thread-safe: the stream thread adds, the one that
 * advances the consistent point removes.
 */
public final class RestartOffsets {
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> inherited;
    private final Set<Holder> holders = new LinkedHashSet<>();

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
        next.putAll(inherited);
    }

    /** What one unapplied transaction needs: the first offset of it in each partition. */
    public static final class Holder {
        private final Map<TopicPartition, Long> first = new HashMap<>(4);
        private Runnable onRelease = () -> {};

        /** What to do when nothing of the transaction is needed any more, in the thread that releases it. */
        void onRelease(Runnable action) {
            onRelease = action;
        }

        /** Whether in some partition this one begins before the other does. To be called by the thread that adds. */
        boolean beginsBefore(Holder other) {
            return first.entrySet().stream().anyMatch(entry -> {
                Long otherFirst = other.first.get(entry.getKey());
                return otherFirst != null && entry.getValue() < otherFirst;
            });
        }
    }

    /** Notes a record that belongs to the transaction of the holder. */
    synchronized void seen(TopicPartition partition, long offset, Holder holder) {
        next.merge(partition, offset + 1, Math::max);
        holder.first.putIfAbsent(partition, offset);
        holders.add(holder);
    }

    /** Keeps a record that was seen before for another holder. */
    synchronized void keep(TopicPartition partition, long offset, Holder holder) {
        holder.first.putIfAbsent(partition, offset);
        holders.add(holder);
    }

    /** Notes a record that nobody needs again. */
    synchronized void seen(TopicPartition partition, long offset) {
        next.merge(partition, offset + 1, Math::max);
    }

    /** The transaction is applied, or is none of this domain's business. */
    public void release(Holder holder) {
        synchronized (this) {
            holders.remove(holder);
        }
        holder.onRelease.run();
    }

    /** A partition of which nothing has ever been read is not in the map. */
    public synchronized Map<TopicPartition, Long> snapshot() {
        Map<TopicPartition, Long> offsets = new HashMap<>(next);
        for (Holder holder : holders) {
            holder.first.forEach((partition, offset) -> offsets.merge(partition, offset, Math::min));
        }
        // Reading may have begun further back. What the ledger did not need then, it does not need now; and Kafka's
        // committed offsets, which follow the ledger, must never be found ahead of it.
        inherited.forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        return offsets;
    }
}

package dev.godwit.apply.immediate;

import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Position;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a partition's consistent point may move. A changefeed promises it in each topic; of Debezium it is known when all
 * is in that was in Kafka after the connector had stored its place there. Not thread-safe.
 */
final class Promises {
    private final Collection<TopicPartition> partitions;
    private final Map<TopicPartition, Position> resolved = new HashMap<>();
    private Position point;

    /** @param point of the ledger; null if there is none */
    Promises(Collection<TopicPartition> partitions, Position point) {
        this.partitions = List.copyOf(partitions);
        this.point = point;
    }

    /** A place, and when the source committed it. */
    record Step(Position point, Instant committedAt) {}

    /** The records up to this one are done with. */
    void resolved(TopicPartition partition, Position promise) {
        resolved.merge(partition, promise, (left, right) -> left.compareTo(right) >= 0 ? left : right);
    }

    /**
     * Where the consistent point may be now.
     *
     * @param captured null if nobody says it
     * @param next of each topic: all before it is read
     * @param waiting changes that are read and not in
     * @return null if it stays where it is
     */
    Step step(Captured captured, ToLongFunction<TopicPartition> next, Collection<Item> waiting) {
        Step step = candidate(captured, next);
        if (step == null || (point != null && step.point.compareTo(point) <= 0)) {
            return null;
        }
        boolean waits = waiting.stream()
                .anyMatch(item -> item.position() == null || item.position().compareTo(step.point) <= 0);
        return waits ? null : step;
    }

    private Step candidate(Captured captured, ToLongFunction<TopicPartition> next) {
        if (!resolved.isEmpty() && resolved.keySet().containsAll(partitions)) {
            HybridTimestamp lowest = (HybridTimestamp)
                    resolved.values().stream().min(Position::compareTo).orElseThrow();
            return new Step(lowest, lowest.instant());
        }
        boolean isIn = captured != null
                && partitions.stream()
                        .allMatch(partition ->
                                next.applyAsLong(partition) >= captured.ends().getOrDefault(partition, Long.MAX_VALUE));
        return isIn ? new Step(captured.point(), captured.committedAt()) : null;
    }

    /** The ledger has it. */
    void moved(Step step) {
        point = step.point;
    }
}

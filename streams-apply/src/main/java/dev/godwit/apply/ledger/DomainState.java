package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What the ledger knows of a domain at the moment of taking over. */
public final class DomainState {
    private final long epoch;
    private final Position consistentPoint;
    private final List<AppliedBatch> applied;
    private final Map<Position, Long> begun;
    private final Map<TopicPartition, Long> restartOffsets;
    private final Set<Position> positions = new HashSet<>();

    /**
     * @param epoch the number of this ownership; every later owner has a higher one
     * @param consistentPoint null if nothing was ever applied
     * @param applied what is applied beyond the consistent point
     * @param begun large transactions of which some pieces are in: their position, and up to which place of {@link
     *     dev.godwit.apply.change.SpilledChanges.Reader#order()}
     * @param restartOffsets may lack partitions that were never read
     */
    public DomainState(
            long epoch,
            Position consistentPoint,
            List<AppliedBatch> applied,
            Map<Position, Long> begun,
            Map<TopicPartition, Long> restartOffsets) {
        this.epoch = epoch;
        this.consistentPoint = consistentPoint;
        this.applied = List.copyOf(applied);
        this.begun = Map.copyOf(begun);
        this.restartOffsets = Map.copyOf(restartOffsets);
        applied.forEach(batch -> positions.addAll(batch.positions()));
    }

    /** The transactions that one target transaction has written, in commit order. There may be others between them. */
    public record AppliedBatch(List<Position> positions) {
        public AppliedBatch {
            positions = List.copyOf(positions);
        }

        /** It names the batch in the ledger. */
        public Position last() {
            return positions.get(positions.size() - 1);
        }
    }

    public long epoch() {
        return epoch;
    }

    /** Null if nothing was ever applied. */
    public Position consistentPoint() {
        return consistentPoint;
    }

    /** What is applied beyond the consistent point. */
    public List<AppliedBatch> applied() {
        return applied;
    }

    /** Large transactions of which some pieces are in, and up to which place. */
    public Map<Position, Long> begun() {
        return begun;
    }

    /** May lack partitions that were never read. */
    public Map<TopicPartition, Long> restartOffsets() {
        return restartOffsets;
    }

    /** Whether the transaction that ends at this position is in already. */
    public boolean isApplied(Position position) {
        return (consistentPoint != null && position.compareTo(consistentPoint) <= 0) || positions.contains(position);
    }
}

package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What the ledger knows of a domain at the moment of taking over.
 *
 * @param epoch the number of this ownership; every later owner has a higher one
 * @param consistentPoint null if nothing was ever applied
 * @param applied what is applied beyond the consistent point
 * @param begun large transactions of which some pieces are in: their position, and up to which place of {@link
 *     dev.godwit.apply.change.SpilledChanges.Reader#order()}
 * @param restartOffsets may lack partitions that were never read
 */
public record DomainState(
        long epoch,
        Position consistentPoint,
        List<AppliedRange> applied,
        Map<Position, Long> begun,
        Map<TopicPartition, Long> restartOffsets) {

    /** Neighbouring transactions, in commit order, that one target transaction has written. */
    public record AppliedRange(Position first, Position last) {
        boolean covers(Position position) {
            return first.compareTo(position) <= 0 && position.compareTo(last) <= 0;
        }
    }

    /** Whether the transaction that ends at this position is in already. */
    public boolean isApplied(Position position) {
        return (consistentPoint != null && position.compareTo(consistentPoint) <= 0)
                || applied.stream().anyMatch(range -> range.covers(position));
    }
}

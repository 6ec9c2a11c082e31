package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A step forward of a domain.
 *
 * @param consistentPoint everything committed at or before it is applied
 * @param committedAt when the source committed that
 * @param marker the last drain marker at or before the consistent point; null if none came since the last step
 * @param restartOffsets where a new owner has to begin reading
 * @param covered {@code last_position} of the rows of {@code _godwit.applied} that the consistent point has made
 *     superfluous
 */
public record Progress(
        Position consistentPoint,
        Instant committedAt,
        String marker,
        Map<TopicPartition, Long> restartOffsets,
        List<Position> covered) {}

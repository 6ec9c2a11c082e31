package dev.godwit.apply.immediate;

import dev.godwit.apply.change.Position;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything that the source has committed at or before {@code point} is in Kafka, before these ends.
 *
 * @param ends of every input partition, read after the point was known
 */
public record Captured(Position point, Instant committedAt, Map<TopicPartition, Long> ends) {
    public Captured {
        ends = Map.copyOf(ends);
    }
}

package dev.godwit.apply;

import dev.godwit.apply.change.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that the replication source has committed at or before this position is in Kafka for certain.
 *
 * @param committedAt by the source's clock, or later
 */
public record CapturedPoint(Position position, Instant committedAt) {

    /** Who knows it: whoever can ask the connector which place it has stored. */
    public interface Source {
        /** For a direction in which nobody needs it, or nobody knows. */
        Source NONE = Optional::empty;

        /** Empty if it is not known now. May take some seconds; asked by one thread. */
        Optional<CapturedPoint> read();
    }
}

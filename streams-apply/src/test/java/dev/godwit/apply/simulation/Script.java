package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** What happens to topics of several partitions, step by step: records come, and the connector stores its place. */
final class Script {
    private final List<Step> steps = new ArrayList<>();

    /**
     * Either a record or a place.
     *
     * @param event null for a mark of a Kafka transaction, which nobody reads
     * @param stored everything that was committed up to here is in Kafka, and the connector knows it
     */
    record Step(TopicPartition partition, Event event, Position stored) {}

    void append(TopicPartition partition, Event event) {
        steps.add(new Step(partition, event, null));
    }

    void stored(Position place) {
        steps.add(new Step(null, null, place));
    }

    /** Other steps instead of those from here on. */
    void replace(int from, List<Step> others) {
        steps.subList(from, steps.size()).clear();
        steps.addAll(others);
    }

    int size() {
        return steps.size();
    }

    List<Step> steps() {
        return steps;
    }
}

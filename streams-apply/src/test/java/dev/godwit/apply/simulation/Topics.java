package dev.godwit.apply.simulation;

import dev.godwit.apply.decode.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Kafka's part in a simulation: a log of events for each topic. */
final class Topics {
    private final Map<TopicPartition, List<Event>> logs = new LinkedHashMap<>();

    void append(String topic, Event event) {
        logs.computeIfAbsent(new TopicPartition(topic, 0), partition -> new ArrayList<>())
                .add(event);
    }

    List<TopicPartition> partitions() {
        return List.copyOf(logs.keySet());
    }

    List<Event> log(TopicPartition partition) {
        return logs.get(partition);
    }
}

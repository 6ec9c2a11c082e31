package dev.godwit.apply.simulation;

import dev.godwit.apply.decode.Event;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;

/** Kafka's part in a simulation: a log of events for each topic. */
final class Topics {
    private final Map<TopicPartition, List<Event>> logs = new LinkedHashMap<>();

    void append(String topic, Event event) {
        logs.computeIfAbsent(new TopicPartition(topic, 0), partition -> new ArrayList<>())
                .add(event);
    }

    /** Takes the last ones away again. */
    void lose(String topic, int count) {
        List<Event> log = logs.get(new TopicPartition(topic, 0));
        log.subList(log.size() - count, log.size()).clear();
    }

    /**
     * Those that a group of tables reads.
     *
     * @param tables of the other groups
     * @param read how the group understands an event
     */
    Topics without(Collection<TableName> tables, UnaryOperator<Event> read) {
        Topics some = new Topics();
        logs.forEach((partition, log) -> {
            if (tables.stream().noneMatch(table -> partition.topic().endsWith("." + table.name()))) {
                some.logs.put(partition, log.stream().map(read).toList());
            }
        });
        return some;
    }

    List<TopicPartition> partitions() {
        return List.copyOf(logs.keySet());
    }

    List<Event> log(TopicPartition partition) {
        return logs.get(partition);
    }
}

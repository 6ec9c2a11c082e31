package dev.godwit.apply.immediate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Which records of a partition are in, as the ledger keeps it. Not thread-safe. */
final class Records {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<TopicPartition, OfTopic> topics = new HashMap<>();
    private final long epoch;
    private long batch;
    private String marker;

    /** @param epoch with the number of the batch it makes every text another one */
    Records(long epoch) {
        this.epoch = epoch;
    }

    /**
     * Of one topic.
     *
     * @param next all records before this one are in, but for those that wait
     * @param waiting offsets of those that the ledger says are not in, and that were not read again yet
     * @param seen what {@link Seen#mark} said
     */
    record OfTopic(long next, SortedSet<Long> waiting, Object seen) {
        boolean isIn(long offset) {
            return offset < next && !waiting.contains(offset);
        }
    }

    /** @param text of the ledger; null if there is none */
    static Records read(long epoch, String text) {
        Records records = new Records(epoch);
        if (text == null) {
            return records;
        }
        try {
            JsonNode root = JSON.readTree(text);
            records.marker = root.path("marker").asText(null);
            root.path("topics").properties().forEach(topic -> {
                SortedSet<Long> waiting = new TreeSet<>();
                topic.getValue().path("waiting").forEach(offset -> waiting.add(offset.asLong()));
                JsonNode seen = topic.getValue().get("seen");
                int colon = topic.getKey().lastIndexOf(':');
                records.topics.put(
                        new TopicPartition(
                                topic.getKey().substring(0, colon),
                                Integer.parseInt(topic.getKey().substring(colon + 1))),
                        new OfTopic(
                                topic.getValue().path("next").asLong(),
                                waiting,
                                seen == null || seen.isNull() ? null : seen.asText()));
            });
            return records;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger's records are damaged: " + text, e);
        }
    }

    /**
     * Notes a drain's marker that has come by.
     *
     * @param at where it stands in the source's log
     * @return the marker and its place, for the ledger; null if it is a repetition
     */
    String marked(String text, Position at) {
        Position before = marker == null ? null : Position.parse(marker.substring(marker.lastIndexOf('@') + 1));
        if (before != null && at.compareTo(before) <= 0) {
            return null;
        }
        marker = text + "@" + at;
        return marker;
    }

    OfTopic of(TopicPartition partition) {
        return topics.getOrDefault(partition, new OfTopic(0, new TreeSet<>(), null));
    }

    /**
     * Those after {@code items}, in the order in which they were read. What an earlier owner has left waiting stays so until it
     * is read again.
     *
     * @throws ApplyException if such a record is not there any more
     */
    void readUpTo(List<Item> items) {
        for (Item item : items) {
            OfTopic before = of(item.partition());
            if (!before.waiting.isEmpty() && before.waiting.first() < item.offset()) {
                throw new ApplyException("record " + before.waiting.first() + " of " + item.partition()
                        + " is not applied yet, and was not delivered again: retention has deleted it. Load the phase"
                        + " again, with a longer retention.ms on the topic");
            }
            before.waiting.remove(item.offset());
            topics.put(
                    item.partition(),
                    new OfTopic(
                            Math.max(before.next, item.offset() + 1),
                            before.waiting,
                            item.seen() == null ? before.seen : item.seen()));
        }
    }

    /** Whether an earlier owner has left records waiting that were not read again yet. */
    boolean owes() {
        return topics.values().stream().anyMatch(topic -> !topic.waiting.isEmpty());
    }

    /** @param waiting all that is read but not in */
    String text(List<Item> waiting) {
        Map<TopicPartition, SortedSet<Long>> offsets = new HashMap<>();
        topics.forEach((partition, topic) -> offsets.put(partition, new TreeSet<>(topic.waiting)));
        waiting.forEach(item -> offsets.get(item.partition()).add(item.offset()));
        ObjectNode text = JSON.createObjectNode();
        text.put("batch", epoch + "." + ++batch);
        if (marker != null) {
            text.put("marker", marker);
        }
        ObjectNode all = text.putObject("topics");
        Map<String, TopicPartition> sorted = new TreeMap<>();
        topics.keySet().forEach(partition -> sorted.put(partition.topic() + ":" + partition.partition(), partition));
        sorted.forEach((name, partition) -> {
            ObjectNode topic = all.putObject(name);
            topic.put("next", of(partition).next);
            if (of(partition).seen != null) {
                topic.put("seen", of(partition).seen.toString());
            }
            if (!offsets.get(partition).isEmpty()) {
                ArrayNode array = topic.putArray("waiting");
                offsets.get(partition).forEach(array::add);
            }
        });
        return text.toString();
    }
}

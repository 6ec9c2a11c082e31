package dev.godwit.apply.immediate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Which records of a partition are in, as the ledger keeps it. Not thread-safe. */
final class Records {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<TopicPartition, OfTopic> topics = new HashMap<>();
    private final long epoch;
    private long batch;

    /** @param epoch with the number of the batch it makes every text another one */
    Records(long epoch) {
        this.epoch = epoch;
    }

    /**
     * Of one topic.
     *
     * @param next all records before this one are in, but for those of {@code waiting}
     * @param waiting their offsets
     * @param seen what {@link Seen#mark} said
     */
    record OfTopic(long next, Set<Long> waiting, Object seen) {
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
            JSON.readTree(text).path("topics").properties().forEach(topic -> {
                Set<Long> waiting = new TreeSet<>();
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

    OfTopic of(TopicPartition partition) {
        return topics.getOrDefault(partition, new OfTopic(0, Set.of(), null));
    }

    /** Those after {@code items}, in the order in which they were read. */
    void readUpTo(List<Item> items) {
        for (Item item : items) {
            OfTopic before = of(item.partition());
            topics.put(
                    item.partition(),
                    new OfTopic(
                            Math.max(before.next, item.offset() + 1),
                            Set.of(),
                            item.seen() == null ? before.seen : item.seen()));
        }
    }

    /** @param waiting all that is read but not in */
    String text(List<Item> waiting) {
        Map<TopicPartition, List<Long>> offsets = new HashMap<>();
        waiting.forEach(item -> offsets.computeIfAbsent(item.partition(), partition -> new ArrayList<>())
                .add(item.offset()));
        ObjectNode text = JSON.createObjectNode();
        text.put("batch", epoch + "." + ++batch);
        ObjectNode all = text.putObject("topics");
        Map<String, TopicPartition> sorted = new TreeMap<>();
        topics.keySet().forEach(partition -> sorted.put(partition.topic() + ":" + partition.partition(), partition));
        sorted.forEach((name, partition) -> {
            ObjectNode topic = all.putObject(name);
            topic.put("next", of(partition).next);
            if (of(partition).seen != null) {
                topic.put("seen", of(partition).seen.toString());
            }
            if (offsets.containsKey(partition)) {
                ArrayNode array = topic.putArray("waiting");
                offsets.get(partition).stream().sorted().forEach(array::add);
            }
        });
        return text.toString();
    }
}

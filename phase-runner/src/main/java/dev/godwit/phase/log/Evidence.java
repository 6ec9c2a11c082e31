package dev.godwit.phase.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** What a step can show for itself: rows, positions, counts, durations, as a JSON object. Immutable. Never holds a password. */
public final class Evidence {
    public static final Evidence NONE = new Evidence(new ObjectMapper().createObjectNode());

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode node;

    private Evidence(ObjectNode node) {
        this.node = node;
    }

    /** @param value whatever Jackson can write: text, number, boolean, list, map */
    public static Evidence of(String key, Object value) {
        return NONE.with(key, value);
    }

    static Evidence parse(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node instanceof ObjectNode object) {
                return new Evidence(object);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("_godwit.phase_step holds evidence that is no JSON: " + json, e);
        }
        throw new IllegalStateException("_godwit.phase_step holds evidence that is no JSON object: " + json);
    }

    /** The same with one entry more, or another value for it. */
    public Evidence with(String key, Object value) {
        ObjectNode copy = node.deepCopy();
        copy.set(key, JSON.valueToTree(value));
        return new Evidence(copy);
    }

    /** The same with the entries of the other, which win. */
    public Evidence with(Evidence other) {
        ObjectNode copy = node.deepCopy();
        copy.setAll(other.node);
        return new Evidence(copy);
    }

    public Optional<String> text(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    /** 0 if there is no such entry. */
    public long number(String key) {
        return node.path(key).asLong();
    }

    /** False if there is no such entry. */
    public boolean isTrue(String key) {
        return node.path(key).asBoolean();
    }

    public JsonNode entry(String key) {
        return node.path(key);
    }

    public Map<String, Object> entries() {
        return JSON.convertValue(node, new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {});
    }

    public boolean isEmpty() {
        return node.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Evidence that && that.node.equals(node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return node.toString();
    }
}

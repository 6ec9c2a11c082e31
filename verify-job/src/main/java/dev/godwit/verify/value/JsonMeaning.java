package dev.godwit.verify.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns JSON into maps, lists, texts, booleans and exact numbers, whose {@code equals} is equality of meaning. */
final class JsonMeaning {
    /** Where a key stands twice, jsonb keeps the last; so does this. */
    private static final ObjectMapper LAST_WINS = mapper(false);
    /** Two columns of type json keep the text, also both values of such a key; then only the same text is the same. */
    private static final ObjectMapper NO_DUPLICATES = mapper(true);

    private enum Null {
        JSON_NULL
    }

    private JsonMeaning() {}

    private static ObjectMapper mapper(boolean refuseDuplicates) {
        // What a database has taken is compared, however long and deep; Jackson's limits are against strangers.
        StreamReadConstraints unlimited = StreamReadConstraints.builder()
                .maxNestingDepth(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(unlimited)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDuplicates)
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    static Object ofText(String text) {
        return parse(NO_DUPLICATES, text);
    }

    static Object ofValue(String text) {
        return parse(LAST_WINS, text);
    }

    private static Object parse(ObjectMapper mapper, String text) {
        try {
            return meaning(mapper.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON, or a key stands twice", e);
        }
    }

    private static Object meaning(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> members = new HashMap<>();
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    members.put(member.getKey(), meaning(member.getValue()));
                }
                yield members;
            }
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonNode element : node) {
                    elements.add(meaning(element));
                }
                yield elements;
            }
            case STRING -> node.textValue();
            case NUMBER -> Decimal.of(node.decimalValue());
            case BOOLEAN -> node.booleanValue();
            case NULL -> Null.JSON_NULL;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON");
        };
    }
}

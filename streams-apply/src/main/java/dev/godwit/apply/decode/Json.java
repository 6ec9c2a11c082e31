package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value in which numbers keep the text they were written with. A general tree model would turn {@code -0}
 * into 0 and might round or rescale; those are values of somebody's row.
 */
sealed interface Json {

    /** A string. */
    record Text(String value) implements Json {}

    /** A number, exactly as written. */
    record Numeral(String text) implements Json {}

    /** true or false. */
    record Bool(boolean value) implements Json {}

    /** null. */
    record Null() implements Json {}

    /** An array. */
    record Array(List<Json> elements) implements Json {}

    /** An object; members in the order in which they were written. */
    record Members(Map<String, Json> members) implements Json {
        Json member(String name) {
            return members.getOrDefault(name, NULL);
        }
    }

    Json NULL = new Null();

    /**
     * Column values may be longer than Jackson's defaults allow; what Kafka delivered is bounded by its message
     * size already.
     */
    JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(1_000) // values are read by recursion
                    .build())
            .build();

    /** @throws IOException if the bytes are no JSON */
    static Json parse(byte[] bytes) throws IOException {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            Json value = read(parser);
            if (parser.nextToken() != null) {
                throw new IOException("there is something behind the value");
            }
            return value;
        }
    }

    /** The value that begins at the current token. */
    static Json read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getText());
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> NULL;
            default -> throw new IOException("unexpected " + token);
        };
    }

    private static Json readObject(JsonParser parser) throws IOException {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, read(parser));
        }
        return new Members(members);
    }

    private static Json readArray(JsonParser parser) throws IOException {
        List<Json> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(read(parser));
        }
        return new Array(elements);
    }

    /** The JSON text of a value. */
    static String render(Json json) {
        StringBuilder out = new StringBuilder();
        render(json, out);
        return out.toString();
    }

    private static void render(Json json, StringBuilder out) {
        if (json instanceof Text text) {
            quote(text.value(), out);
        } else if (json instanceof Numeral number) {
            out.append(number.text());
        } else if (json instanceof Bool bool) {
            out.append(bool.value());
        } else if (json instanceof Null) {
            out.append("null");
        } else if (json instanceof Array array) {
            String separator = "[";
            for (Json element : array.elements()) {
                out.append(separator);
                render(element, out);
                separator = ",";
            }
            out.append(array.elements().isEmpty() ? "[]" : "]");
        } else if (json instanceof Members object) {
            String separator = "{";
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                out.append(separator);
                quote(member.getKey(), out);
                out.append(':');
                render(member.getValue(), out);
                separator = ",";
            }
            out.append(object.members().isEmpty() ? "{}" : "}");
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}

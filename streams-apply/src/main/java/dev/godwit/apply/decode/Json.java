package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
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

    /** @throws IOException if the bytes are no JSON */
    static Json parse(byte[] bytes) throws IOException {
        JsonScanner json = new JsonScanner(bytes);
        Json value = json.value();
        json.requireEnd();
        return value;
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

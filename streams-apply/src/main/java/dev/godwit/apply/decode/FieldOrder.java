package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the names of an object's fields faster where they mostly come in the order of the object before, as Debezium's do:
 * then the parser compares bytes, instead of looking each name up.
 *
 * <p>May be used by several threads: they may overwrite what another has noted, which costs time and nothing else.
 */
final class FieldOrder {
    private static final SerializedString NONE = new SerializedString("");

    private volatile SerializedString[] names = new SerializedString[0];

    /**
     * The next field of the object that the parser is in.
     *
     * @param place how many fields of the object have been read
     * @return null at the end of the object; else the parser is at the name
     */
    String next(JsonParser parser, int place) throws IOException {
        SerializedString[] known = names;
        SerializedString likely = place < known.length ? known[place] : NONE;
        if (parser.nextFieldName(likely)) {
            return likely.getValue();
        }
        if (parser.currentToken() == JsonToken.END_OBJECT) {
            return null;
        }
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
            throw new IOException("an object does not end");
        }
        String name = parser.currentName();
        note(place, name);
        return name;
    }

    private void note(int place, String name) {
        SerializedString[] noted = Arrays.copyOf(names, Math.max(names.length, place + 1));
        for (int i = 0; i < noted.length; i++) {
            noted[i] = noted[i] == null ? NONE : noted[i];
        }
        noted[place] = new SerializedString(name);
        names = noted;
    }
}

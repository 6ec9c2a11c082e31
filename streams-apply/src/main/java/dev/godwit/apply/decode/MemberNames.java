package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What the names of an object's members mean. Mostly they come in the order of the object before, as Debezium's do: then
 * the parser compares bytes, and no name is read or looked up.
 *
 * <p>May be used by several threads: they may overwrite what another has noted, which costs time and nothing else.
 */
final class MemberNames<T> {
    private volatile Name<T>[] order = names(0);

    /** A name at its place. */
    private static final class Name<T> {
        private final SerializedString text;
        private final T meaning;

        private Name(String text, T meaning) {
            this.text = new SerializedString(text);
            this.meaning = meaning;
        }
    }

    /**
     * The meaning of the next member's name.
     *
     * @param place how many members of the object have been read
     * @param meanings asked when the name was not at this place before; never answers null
     * @return null at the end of the object; else the parser is at the value
     */
    T next(JsonParser parser, int place, Function<String, T> meanings) throws IOException {
        Name<T>[] known = order;
        if (place < known.length && parser.nextFieldName(known[place].text)) {
            parser.nextToken();
            return known[place].meaning;
        }
        if (place >= known.length) {
            parser.nextToken();
        }
        if (parser.currentToken() == JsonToken.END_OBJECT) {
            return null;
        }
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
            throw new IOException("an object does not end");
        }
        String text = parser.currentName();
        parser.nextToken();
        // The same name written in another way, with blanks around it, is not noted again and again.
        return place < known.length && known[place].text.getValue().equals(text)
                ? known[place].meaning
                : note(known, place, text, meanings.apply(text));
    }

    private T note(Name<T>[] known, int place, String text, T meaning) {
        if (place <= known.length) {
            Name<T>[] noted = Arrays.copyOf(known, Math.max(known.length, place + 1));
            noted[place] = new Name<>(text, meaning);
            order = noted;
        }
        return meaning;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private static <T> Name<T>[] names(int length) {
        return new Name[length];
    }
}

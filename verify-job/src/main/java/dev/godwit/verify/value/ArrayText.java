package dev.godwit.verify.value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the text of an array: <code>{1,NULL,"a \"b\""}</code>, nested for more dimensions, with bounds in front where they are unusual. */
final class ArrayText {
    private final String text;
    private final Function<String, Object> element;
    private int position;

    private ArrayText(String text, int position, Function<String, Object> element) {
        this.text = text;
        this.position = position;
        this.element = element;
    }

    /** @param bounds as PostgreSQL writes them if an array does not start at 1; else empty */
    private record Elements(String bounds, List<Object> elements) {}

    static Object parse(String text, Function<String, Object> element) {
        int start = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
        ArrayText reader = new ArrayText(text, start, element);
        List<Object> elements = reader.list();
        if (reader.position != text.length()) {
            throw reader.malformed();
        }
        return new Elements(text.substring(0, start), elements);
    }

    private List<Object> list() {
        expect('{');
        List<Object> elements = new ArrayList<>();
        if (peek() == '}') {
            position++;
            return elements;
        }
        while (true) {
            elements.add(next());
            if (peek() == ',') {
                position++;
            } else {
                expect('}');
                return elements;
            }
        }
    }

    private Object next() {
        if (peek() == '{') {
            return list();
        }
        if (peek() == '"') {
            return Meaning.read(element, quoted());
        }
        int start = position;
        while (peek() != ',' && peek() != '}') {
            position++;
        }
        String plain = text.substring(start, position);
        // Unquoted it is SQL NULL; the text NULL stands in quotes.
        return plain.equals("NULL") ? null : Meaning.read(element, plain);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        position++;
        while (peek() != '"') {
            if (peek() == '\\') {
                position++;
            }
            value.append(peek());
            position++;
        }
        position++;
        return value.toString();
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw malformed();
        }
        position++;
    }

    private char peek() {
        if (position >= text.length()) {
            throw malformed();
        }
        return text.charAt(position);
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("not an array, at " + position + ": " + text);
    }
}

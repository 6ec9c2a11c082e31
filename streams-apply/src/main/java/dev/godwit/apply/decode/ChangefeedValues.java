package dev.godwit.apply.decode;

import dev.godwit.database.type.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns the values of a CockroachDB changefeed's JSON into the text that the column's type takes. */
final class ChangefeedValues implements ColumnValues {
    /** What {@code encode_json_value_null_as_object} makes of a JSON null, to tell it from SQL NULL. */
    static final Json JSON_NULL = new Json.Members(Map.of("__crdb_json_null__", new Json.Bool(true)));

    /** CockroachDB's infinite timestamps are its greatest and smallest ones, and are sent as such. */
    private static final String LATEST = "294276-12-31T23:59:59.999999";

    private static final String EARLIEST = "-4713-11-24T00:00:00";

    @Override
    public String text(ColumnType type, Json value) {
        if (value instanceof Json.Null) {
            return null;
        }
        return switch (type.kind()) {
            case JSON, JSONB -> value.equals(JSON_NULL) ? "null" : Json.render(value);
            case ARRAY -> array(type, value);
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(scalar(type, value));
            default -> scalar(type, value);
        };
    }

    private String array(ColumnType type, Json value) {
        if (!(value instanceof Json.Array array)) {
            throw unexpected(type, value);
        }
        List<String> elements = new ArrayList<>();
        for (Json element : array.elements()) {
            elements.add(text(type.element(), element));
        }
        return ArrayText.of(elements);
    }

    private static String timestamp(String text) {
        String bare = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        return switch (bare) {
            case LATEST -> "infinity";
            case EARLIEST -> "-infinity";
            default -> text;
        };
    }

    private static String scalar(ColumnType type, Json value) {
        if (value instanceof Json.Text text) {
            return text.value();
        }
        if (value instanceof Json.Numeral number) {
            return number.text();
        }
        if (value instanceof Json.Bool bool) {
            return Boolean.toString(bool.value());
        }
        throw unexpected(type, value);
    }

    private static IllegalArgumentException unexpected(ColumnType type, Json value) {
        return new IllegalArgumentException("a value of type " + type + " came as "
                + value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }
}

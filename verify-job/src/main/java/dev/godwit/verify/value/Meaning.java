package dev.godwit.verify.value;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads the text of a value into an object whose {@code equals} is equality of meaning. The one place where the text forms of
 * PostgreSQL and CockroachDB meet.
 */
final class Meaning {
    private Meaning() {}

    /** A text that is no value of its type as far as we know; equals only the same text. */
    private record Unread(String text) {}

    static Object read(Function<String, Object> reader, String text) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
            return new Unread(text);
        }
    }

    /** The reader of values of {@code type} that will be compared with values of {@code other}; it throws on text that it cannot read. */
    static Function<String, Object> of(ColumnType type, ColumnType other, Infinity infinity) {
        return switch (type.kind()) {
            case BOOLEAN -> Meaning::bool;
            case INTEGER -> Long::valueOf;
            case DECIMAL -> Decimal::parse;
            case FLOAT4 -> other.kind() == TypeKind.FLOAT8 ? FloatText::narrow : FloatText::float4;
            case FLOAT8 -> other.kind() == TypeKind.FLOAT4 ? FloatText::wide : FloatText::float8;
            case TEXT, ENUM, BIT, VARBIT -> text -> text;
            case CHAR -> Meaning::withoutTrailingBlanks;
            case BYTES, UUID -> text -> text.toLowerCase(Locale.ROOT);
            case DATE -> DateTimeText::days;
            case TIME -> TimeText::micros;
            case TIMETZ -> TimeText::withOffset;
            case TIMESTAMP, TIMESTAMPTZ -> text -> DateTimeText.micros(text, infinity);
            case INTERVAL -> IntervalText::parse;
            case JSON, JSONB ->
                other.kind() == TypeKind.JSON && type.kind() == TypeKind.JSON
                        ? JsonMeaning::ofText
                        : JsonMeaning::ofValue;
            case INET -> InetText::parse;
            case ARRAY -> {
                Function<String, Object> element = of(type.element(), other.element(), infinity);
                yield text -> ArrayText.parse(text, element);
            }
            case OTHER -> RangeText.isOfDecimals(type.baseName()) ? RangeText::ofDecimals : text -> text;
        };
    }

    static Boolean bool(String text) {
        return switch (text) {
            case "t", "true" -> true;
            case "f", "false" -> false;
            default -> throw new IllegalArgumentException("not a boolean: " + text);
        };
    }

    /** Only blanks: a tab or a line feed at the end means something. */
    static String withoutTrailingBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}

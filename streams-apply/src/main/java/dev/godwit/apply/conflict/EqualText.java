package dev.godwit.apply.conflict;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the text of a value into a form in which values that the database takes for equal are equal texts: {@code
 * 1.0} and {@code 1.00} are one decimal, and blanks at the end of a {@code char(n)} mean nothing.
 */
interface EqualText {
    /** Numbers with fewer digits before the point are written out. */
    int DIGITS_MAX = 40;

    String of(String text);

    /** Empty for types whose equality is not known exactly: intervals, documents, arrays, addresses. */
    static Optional<EqualText> of(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN, TEXT, DATE, TIME, TIMESTAMP, ENUM, BIT, VARBIT -> Optional.of(text -> text);
            case INTEGER, DECIMAL -> Optional.of(EqualText::number);
            case FLOAT4 -> Optional.of(text -> Float.toString(Float.parseFloat(text) + 0.0f));
            case FLOAT8 -> Optional.of(text -> Double.toString(Double.parseDouble(text) + 0.0));
            case CHAR -> Optional.of(EqualText::withoutBlanksAtTheEnd);
            case BYTES -> Optional.of(text -> text.toLowerCase(Locale.ROOT));
            case UUID -> Optional.of(text -> text.toLowerCase(Locale.ROOT).replaceAll("[-{}]", ""));
            case TIMESTAMPTZ -> Optional.of(EqualText::instant);
            case TIMETZ, INTERVAL, JSON, JSONB, INET, ARRAY, OTHER -> Optional.empty();
        };
    }

    /** Whether equal values of both types get equal texts. */
    static boolean isShared(ColumnType left, ColumnType right) {
        return of(left).isPresent() && (left.kind() == right.kind() || (isNumber(left) && isNumber(right)));
    }

    private static boolean isNumber(ColumnType type) {
        return type.kind() == TypeKind.INTEGER || type.kind() == TypeKind.DECIMAL;
    }

    private static String number(String text) {
        if (isPlainInteger(text)) {
            return text;
        }
        try {
            BigDecimal number = new BigDecimal(text).stripTrailingZeros();
            return Math.abs((long) number.precision() - number.scale()) < DIGITS_MAX
                    ? number.toPlainString()
                    : number.toString();
        } catch (NumberFormatException e) {
            return text; // NaN, Infinity
        }
    }

    /** Already in the form that {@link BigDecimal#toPlainString()} would give it. */
    private static boolean isPlainInteger(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - start;
        if (digits == 0 || digits >= DIGITS_MAX || (text.charAt(start) == '0' && text.length() > 1)) {
            return false;
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String withoutBlanksAtTheEnd(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static String instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.toString();
        } catch (DateTimeParseException e) {
            return text; // infinity, years before Christ: one format writes them in one way
        }
    }
}

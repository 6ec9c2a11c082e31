package dev.godwit.database.filter;

import dev.godwit.database.type.TypeKind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values in their text form, made comparable as PostgreSQL compares them. */
final class Values {
    private static final Pattern DATE = Pattern.compile("([0-9]{4,7})-([0-9]{2})-([0-9]{2})( BC)?");
    /** Beyond every finite numeric, whose digits before the point are at most 131072. */
    private static final BigDecimal INFINITY = new BigDecimal("1E+200000");

    private static final BigDecimal NOT_A_NUMBER = new BigDecimal("1E+200001");

    private Values() {}

    /** @throws IllegalArgumentException if the text is no value of the type; the message says how one is written */
    static Comparable<?> comparable(TypeKind kind, String text) {
        return switch (kind) {
            case INTEGER, DECIMAL -> number(text);
            case DATE -> date(text);
            case CHAR -> withoutPadding(text);
            case UUID -> text.toLowerCase(Locale.ROOT);
            case BOOLEAN -> truth(text);
            default -> text;
        };
    }

    @SuppressWarnings("unchecked") // both come from the same column
    static <T extends Comparable<T>> int compare(Comparable<?> left, Comparable<?> right) {
        return ((T) left).compareTo((T) right);
    }

    /** char(n) pads with blanks, and with nothing else. */
    static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** NaN is greater than every number and equal to itself; so are the infinities ordered. */
    private static BigDecimal number(String text) {
        return switch (text) {
            case "NaN" -> NOT_A_NUMBER;
            case "Infinity" -> INFINITY;
            case "-Infinity" -> INFINITY.negate();
            default -> new BigDecimal(text);
        };
    }

    private static LocalDate date(String text) {
        if (text.equals("infinity")) {
            return LocalDate.MAX;
        }
        if (text.equals("-infinity")) {
            return LocalDate.MIN;
        }
        Matcher parts = DATE.matcher(text);
        try {
            if (parts.matches()) {
                int year = Integer.parseInt(parts.group(1));
                if (year > 0) {
                    // There is no year 0: the year before 1 is 1 BC.
                    return LocalDate.of(
                            parts.group(4) == null ? year : 1 - year,
                            Integer.parseInt(parts.group(2)),
                            Integer.parseInt(parts.group(3)));
                }
            }
            throw new IllegalArgumentException("write a date as '2026-03-31'");
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("write a date that exists as '2026-03-31'", e);
        }
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true", "t" -> true;
            case "false", "f" -> false;
            default -> throw new IllegalArgumentException("write TRUE or FALSE");
        };
    }
}

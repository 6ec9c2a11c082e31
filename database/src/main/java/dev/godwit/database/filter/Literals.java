package dev.godwit.database.filter;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which literals a column may be compared with: those that every database takes for the same value of the column's type. */
final class Literals {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Set<String> SPECIAL_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");
    /** PostgreSQL's limits of numeric. */
    private static final int DIGITS_BEFORE_POINT_MAX = 131_072;

    private static final int DIGITS_AFTER_POINT_MAX = 16_383;
    private static final LocalDate FIRST_DATE = LocalDate.of(-4713, 11, 24);
    private static final LocalDate LAST_DATE = LocalDate.of(5_874_897, 12, 31);

    private Literals() {}

    /**
     * The value in the form in which rows have it.
     *
     * @throws IllegalArgumentException if the column's type does not take it; the message says what to write
     */
    static String text(ColumnType type, Literal literal) {
        return switch (type.kind()) {
            case INTEGER -> literal.form() == Literal.Form.NUMBER ? number(literal.text()) : integer(type, literal);
            case DECIMAL -> decimal(literal);
            case BOOLEAN -> literal.form() == Literal.Form.BOOLEAN ? literal.text() : truth(string(literal));
            case UUID ->
                matching(UUID, string(literal), "write a uuid as '00000000-0000-0000-0000-000000000000'")
                        .toLowerCase(Locale.ROOT);
            case DATE -> date(string(literal));
            case ENUM -> label(type, string(literal));
            case CHAR -> Values.withoutPadding(string(literal));
            default -> string(literal);
        };
    }

    private static String string(Literal literal) {
        if (literal.form() != Literal.Form.STRING) {
            throw new IllegalArgumentException("write the literal in single quotes");
        }
        return literal.text();
    }

    private static String matching(Pattern pattern, String text, String advice) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(advice);
        }
        return text;
    }

    private static String number(String text) {
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("write a number that the databases can hold", e);
        }
        // In long arithmetic: the exponent may be as large as an int.
        if ((long) number.precision() - number.scale() > DIGITS_BEFORE_POINT_MAX
                || number.scale() > DIGITS_AFTER_POINT_MAX) {
            throw new IllegalArgumentException("write a number that the databases can hold");
        }
        return text;
    }

    /** In quotes it must be an integer of the column's width, as the database reads it as one. */
    private static String integer(ColumnType type, Literal literal) {
        if (literal.form() != Literal.Form.STRING) {
            throw new IllegalArgumentException("write a number");
        }
        BigInteger number = new BigInteger(matching(INTEGER, literal.text(), "write an integer"));
        int bits = type.integerBytes() * Byte.SIZE;
        if (number.bitLength() >= bits) {
            throw new IllegalArgumentException("write an integer of at most " + bits + " bits");
        }
        return number.toString();
    }

    private static String decimal(Literal literal) {
        if (literal.form() == Literal.Form.STRING && SPECIAL_NUMBERS.contains(literal.text())) {
            return literal.text();
        }
        if (literal.form() == Literal.Form.BOOLEAN) {
            throw new IllegalArgumentException("write a number");
        }
        return number(matching(DECIMAL, literal.text(), "write a number, 'NaN', 'Infinity' or '-Infinity'"));
    }

    private static String truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> "true";
            case "false", "f", "no", "n", "off", "0" -> "false";
            default -> throw new IllegalArgumentException("write TRUE or FALSE");
        };
    }

    private static String date(String text) {
        LocalDate date = (LocalDate) Values.comparable(TypeKind.DATE, text);
        boolean infinite = date.equals(LocalDate.MIN) || date.equals(LocalDate.MAX);
        if (!infinite && (date.isBefore(FIRST_DATE) || date.isAfter(LAST_DATE))) {
            throw new IllegalArgumentException("write a date between 4714-11-24 BC and 5874897-12-31");
        }
        return text;
    }

    private static String label(ColumnType type, String text) {
        if (!type.labels().isEmpty() && !type.labels().contains(text)) {
            throw new IllegalArgumentException("write one of: " + String.join(", ", type.labels()));
        }
        return text;
    }
}

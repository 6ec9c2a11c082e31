package dev.godwit.database.filter;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.TypeKind;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * A literal of a filter, read as a value of the column that it is compared with.
 *
 * @param text the literal's value; null for NULL
 */
record Operand(Column column, String text) {

    /** @throws RefusedException if the literal is no value of the column's type */
    Operand {
        if (text != null) {
            try {
                comparable(column, text);
            } catch (NumberFormatException | DateTimeParseException e) {
                throw new RefusedException(
                        "the filter compares column \"" + column.name() + "\" (" + column.type() + ") with '" + text
                                + "'",
                        "write a literal of the column's type",
                        e);
            }
        }
    }

    boolean isNull() {
        return text == null;
    }

    static boolean hasOrder(TypeKind kind) {
        return kind == TypeKind.INTEGER || kind == TypeKind.DECIMAL || kind == TypeKind.DATE;
    }

    static boolean isComparable(TypeKind kind) {
        return switch (kind) {
            case INTEGER, DECIMAL, DATE, TEXT, CHAR, UUID, ENUM, BOOLEAN -> true;
            default -> false;
        };
    }

    int compareFrom(String value) {
        return compare(comparable(column, value), comparable(column, text));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Comparable<T>> int compare(Comparable<?> left, Comparable<?> right) {
        return ((T) left).compareTo((T) right);
    }

    private static Comparable<?> comparable(Column column, String value) {
        return switch (column.type().kind()) {
            case INTEGER, DECIMAL -> number(value);
            case DATE -> date(value);
            case CHAR -> value.stripTrailing();
            case UUID -> value.toLowerCase(Locale.ROOT);
            case BOOLEAN -> value.toLowerCase(Locale.ROOT).startsWith("t");
            default -> value;
        };
    }

    /** NaN is greater than every number and equal to itself, as in PostgreSQL; so are the infinities ordered. */
    private static BigDecimal number(String value) {
        return switch (value) {
            case "NaN" -> new BigDecimal("1E+200001");
            case "Infinity" -> new BigDecimal("1E+200000");
            case "-Infinity" -> new BigDecimal("-1E+200000");
            default -> new BigDecimal(value);
        };
    }

    private static LocalDate date(String value) {
        return switch (value) {
            case "infinity" -> LocalDate.MAX;
            case "-infinity" -> LocalDate.MIN;
            default ->
                value.endsWith(" BC")
                        ? beforeChrist(LocalDate.parse(value.substring(0, value.length() - 3)))
                        : LocalDate.parse(value);
        };
    }

    private static LocalDate beforeChrist(LocalDate date) {
        return LocalDate.of(1 - date.getYear(), date.getMonth(), date.getDayOfMonth());
    }

    String sql() {
        if (text == null) {
            return "NULL";
        }
        return switch (column.type().kind()) {
            case INTEGER, DECIMAL -> text;
            case BOOLEAN -> text.toUpperCase(Locale.ROOT);
            default -> "'" + text.replace("'", "''") + "'";
        };
    }
}

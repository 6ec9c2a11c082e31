package dev.godwit.database.filter;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;

/**
 * A literal of a filter, read as a value of the column that it is compared with.
 *
 * @param column the column
 * @param text the value in the form in which the column's type has it; null for NULL
 * @param value what compares as the database compares; null for NULL
 */
record Operand(Column column, String text, Comparable<?> value) {

    /** @throws RefusedException if the literal is no value of the column's type */
    static Operand of(Table table, Column column, Literal literal) {
        if (literal.form() == Literal.Form.NULL) {
            return new Operand(column, null, null);
        }
        try {
            String text = Literals.text(column.type(), literal);
            return new Operand(column, text, Values.comparable(column.type().kind(), text));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "the filter of " + table + " compares column \"" + column.name() + "\" (" + column.type()
                            + ") with " + literal,
                    e.getMessage(),
                    e);
        }
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

    boolean isNull() {
        return text == null;
    }

    /** Whether less and greater mean the same everywhere: NaN comes last in PostgreSQL and first in CockroachDB. */
    boolean hasOrder() {
        return !"NaN".equals(text);
    }

    /** Negative, zero or positive as the row's value is less than, equal to or greater than this one. */
    int compareFrom(Comparable<?> rowValue) {
        return Values.compare(rowValue, value);
    }

    /** Types whose texts a database may take for equal by a collation. */
    static boolean isText(TypeKind kind) {
        return kind == TypeKind.TEXT || kind == TypeKind.CHAR || kind == TypeKind.ENUM;
    }

    String sql(Dialect dialect) {
        if (text == null) {
            return "NULL";
        }
        return switch (column.type().kind()) {
            case INTEGER, DECIMAL -> isSpecial() ? dialect.specialLiteral(text) : text;
            case BOOLEAN -> text;
            case DATE ->
                text.endsWith("infinity") || text.endsWith("BC") ? dialect.specialLiteral(text) : dialect.literal(text);
            default -> dialect.literal(text);
        };
    }

    private boolean isSpecial() {
        return Character.isLetter(text.charAt(text.length() - 1));
    }
}

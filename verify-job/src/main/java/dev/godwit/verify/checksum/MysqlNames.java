package dev.godwit.verify.checksum;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;

/**
 * Columns of a relation {@code t} in MySQL's SQL, as the texts that PostgreSQL makes of the same values. Sessions must be in UTC.
 *
 * <p>Where MySQL would have to make a value longer than {@code max_allowed_packet} it makes NULL. So nothing here takes a NULL that it gets for
 * one that is stored, and a row of which something could not be made is NULL as a whole.
 */
final class MysqlNames {
    private MysqlNames() {}

    static String name(Dialect dialect, Column column) {
        return "t." + dialect.quote(column.name());
    }

    /** The form in which rows are fetched; bytes as they are. */
    static String selected(Dialect dialect, Column column) {
        return dialect.selected(name(dialect, column), column.type());
    }

    /** Texts go by their bytes in UTF-8, which is by code point; a collation would take different keys for the same. */
    static String ordered(Dialect dialect, Column column, boolean byteOrdered) {
        return switch (column.type().kind()) {
            case TEXT, CHAR, ENUM -> byteOrdered ? name(dialect, column) : utf8(name(dialect, column));
            default -> name(dialect, column);
        };
    }

    /** A key's part as the text in which it is fetched. */
    static String text(Dialect dialect, Column column) {
        return column.type().kind() == TypeKind.BYTES ? hexadecimal(name(dialect, column)) : selected(dialect, column);
    }

    /** A key's part as a literal that compares with {@link #ordered}. */
    static String literal(Dialect dialect, TypeKind kind, boolean byteOrdered, String text) {
        return switch (kind) {
            // As a text it would be compared as a floating-point number. It is a number: it was read as one.
            case INTEGER, DECIMAL -> text;
            case DATE -> "DATE" + dialect.literal(text);
            case TIME -> "TIME" + dialect.literal(text);
            case TIMESTAMP -> "TIMESTAMP" + dialect.literal(text);
            // Both databases show it in UTC, and so does the session.
            case TIMESTAMPTZ -> "TIMESTAMP" + dialect.literal(text.replaceFirst("\\+00$", ""));
            case BYTES -> "X'" + text.substring(2) + "'";
            case TEXT, ENUM -> byteOrdered ? dialect.literal(text) : utf8(dialect.literal(text));
            default -> throw new IllegalArgumentException("no range of MySQL's is cut by " + kind);
        };
    }

    static String equals(Dialect dialect, Column column, String text) {
        String name = name(dialect, column);
        return switch (column.type().kind()) {
            case TEXT, ENUM -> dialect.textIs(name, dialect.literal(text));
            case CHAR -> dialect.textIs(name, dialect.literal(text.replaceFirst(" +$", "")));
            case BOOLEAN -> name + " = " + (text.equals("true") ? "1" : "0");
            case FLOAT4, FLOAT8 -> name + " = " + text;
            case BIT -> name + " = b" + dialect.literal(text);
            default -> name + " = " + literal(dialect, column.type().kind(), false, text);
        };
    }

    /** What stands for the value in a row's text, empty for NULL. */
    static String value(Dialect dialect, Column column) {
        String name = name(dialect, column);
        String text =
                switch (column.type().kind()) {
                    case BOOLEAN, INTEGER, DECIMAL, DATE -> selected(dialect, column);
                    case BYTES -> hexadecimal(name);
                    case TIME, TIMESTAMP, TIMESTAMPTZ ->
                        time(name, column.type().modifier());
                    case INTERVAL -> time(name, column.type().modifier() & 0xffff);
                    case TEXT, ENUM -> withLength(utf8(name));
                    case CHAR -> withLength(utf8("TRIM(TRAILING ' ' FROM " + name + ")"));
                    case BIT -> withLength(selected(dialect, column));
                    default -> throw new IllegalArgumentException("not covered: " + column);
                };
        return "IF(" + name + " IS NULL, '', " + text + ")";
    }

    /** PostgreSQL writes no zeros at the end of a fraction. */
    private static String time(String name, int digits) {
        String text = "CAST(" + name + " AS CHAR)";
        return digits > 0 ? "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + text + "))" : text;
    }

    private static String hexadecimal(String name) {
        return "CONCAT('\\\\x', LOWER(HEX(" + name + ")))";
    }

    private static String utf8(String text) {
        return "CAST(CONVERT(" + text + " USING utf8mb4) AS BINARY)";
    }

    private static String withLength(String text) {
        return "CONCAT(OCTET_LENGTH(" + text + "), ':', " + text + ")";
    }
}

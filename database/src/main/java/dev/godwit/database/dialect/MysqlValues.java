package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns Godwit's texts into parameters for MySQL, and refuses what MySQL would change without an error even in strict mode: it rounds
 * fractional digits, cuts blanks at the end, pads binary values with zeros, takes a number for the place of an enum's label, and sorts the
 * members of a set.
 */
final class MysqlValues {
    /** SQLSTATE class 22, "data exception": a bad row. */
    private static final String DATA_EXCEPTION = "22000";

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile("(-?[0-9]{2,3}:[0-9]{2}:[0-9]{2})(?:\\.([0-9]{1,9}))?");

    private MysqlValues() {}

    /**
     * @param text null for SQL NULL
     * @return a String, a byte[] or a BigDecimal; null for SQL NULL
     * @throws SQLDataException if the column cannot hold exactly this value
     */
    static Object value(Column column, String text) throws SQLException {
        if (text == null) {
            return null;
        }
        ColumnType type = column.type();
        return switch (type.kind()) {
            case BOOLEAN -> truth(column, text);
            case INTEGER -> integer(column, text);
            case DECIMAL -> decimal(column, text);
            case FLOAT4 -> Double.toString(finite(column, text, Float.parseFloat(text)));
            case FLOAT8 -> Double.toString(finite(column, text, Double.parseDouble(text)));
            case BYTES -> bytes(column, text);
            case BIT -> bits(column, text);
            case DATE -> date(column, text);
            case TIME, INTERVAL -> time(column, text);
            case TIMESTAMP, TIMESTAMPTZ -> MysqlTimestamp.of(column, text);
            case ENUM -> label(column, text);
            case TEXT ->
                switch (type.baseName()) {
                    case "set" -> members(column, text);
                    case "enum" -> label(column, text);
                    default -> text;
                };
            case CHAR -> text.stripTrailing().length() == text.length() ? text : withoutBlanks(text);
            case JSON, JSONB -> text;
            default -> throw refused(column, text, "type " + type + " is not carried");
        };
    }

    static void set(PreparedStatement statement, int place, Object value) throws SQLException {
        if (value == null) {
            statement.setNull(place, Types.NULL);
        } else if (value instanceof BigDecimal number) {
            statement.setBigDecimal(place, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(place, bytes);
        } else {
            statement.setString(place, (String) value);
        }
    }

    /** One text for all parameters that mean the same value, to know a row's key again. */
    static String comparable(Object value) {
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    /** About how many bytes the parameter takes in a statement. */
    static long size(Object value) {
        if (value instanceof byte[] bytes) {
            return 2L * bytes.length; // as hexadecimal digits
        }
        return value instanceof String text ? 3L * text.length() : 24;
    }

    static SQLDataException refused(Column column, String text, String why) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new SQLDataException(
                "column \"" + column.name() + "\" (" + column.type() + ") cannot hold " + shown + ": " + why,
                DATA_EXCEPTION);
    }

    private static BigDecimal truth(Column column, String text) throws SQLException {
        return switch (text) {
            case "true", "t" -> BigDecimal.ONE;
            case "false", "f" -> BigDecimal.ZERO;
            default -> throw refused(column, text, "it is a boolean, which is 0 or 1 here");
        };
    }

    private static BigDecimal integer(Column column, String text) throws SQLException {
        try {
            return new BigDecimal(new BigInteger(text));
        } catch (NumberFormatException e) {
            throw refused(column, text, "it is no integer");
        }
    }

    private static BigDecimal decimal(Column column, String text) throws SQLException {
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw refused(column, text, "MySQL has no such number");
        }
        int scale = (column.type().modifier() - 4) & 0x7ff;
        if (number.signum() != 0 && number.stripTrailingZeros().scale() > scale) {
            throw refused(column, text, "MySQL would round it to " + scale + " digits behind the point");
        }
        return number;
    }

    private static double finite(Column column, String text, double number) throws SQLException {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw refused(column, text, "MySQL has no such number");
        }
        return number;
    }

    private static byte[] bytes(Column column, String text) throws SQLException {
        if (!text.startsWith("\\x")) {
            throw refused(column, text, "the bytes are not in hexadecimal");
        }
        byte[] bytes = HexFormat.of().parseHex(text, 2, text.length());
        if (column.type().baseName().equals("binary")
                && bytes.length != column.type().modifier()) {
            throw refused(
                    column,
                    text,
                    "it has " + bytes.length + " bytes, and MySQL would pad it with zeros to the column's length");
        }
        return bytes;
    }

    /** As bytes, the highest first: a text of digits would be taken for the bytes of its characters. */
    private static byte[] bits(Column column, String text) throws SQLException {
        if (text.length() != column.type().modifier()) {
            throw refused(column, text, "it has " + text.length() + " bits");
        }
        byte[] bytes = new byte[(text.length() + 7) / 8];
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(text.length() - 1 - i) == '1') {
                bytes[bytes.length - 1 - i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return bytes;
    }

    private static String date(Column column, String text) throws SQLException {
        if (!DATE.matcher(text).matches()) {
            throw refused(column, text, "MySQL's dates end in the year 9999, and have no infinity");
        }
        return text;
    }

    private static String time(Column column, String text) throws SQLException {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw refused(column, text, "it is no time as MySQL has it");
        }
        requireDigits(column, text, time.group(2));
        return text;
    }

    /** @param fraction the digits behind the point; null if there are none */
    static void requireDigits(Column column, String text, String fraction) throws SQLException {
        int digits = fraction == null ? 0 : fraction.replaceFirst("0+$", "").length();
        int kept = column.type().modifier() & 0xffff;
        if (digits > kept) {
            throw refused(column, text, "MySQL would round it to " + kept + " fractional digits");
        }
    }

    /** MySQL takes an unknown label that is a number for the place of a label, and compares labels by their collation. */
    private static String label(Column column, String text) throws SQLException {
        if (!column.type().labels().contains(text)) {
            throw refused(column, text, "it is none of the labels");
        }
        return text;
    }

    private static String members(Column column, String text) throws SQLException {
        List<String> sorted = new ArrayList<>();
        List<String> given = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        column.type().labels().stream().filter(given::contains).forEach(sorted::add);
        if (!sorted.equals(given)) {
            throw refused(
                    column, text, "a set is written with its members in the order of their declaration, each once");
        }
        return text;
    }

    /** char(n) pads with blanks, which mean nothing, and MySQL gives it back without them. */
    private static String withoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}

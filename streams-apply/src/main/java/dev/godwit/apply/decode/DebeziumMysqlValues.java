package dev.godwit.apply.decode;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/**
 * Turns the values of Debezium's MySQL connector, deployed by Godwit, into the text of PostgreSQL's types (Debezium documentation, "Debezium
 * connector for MySQL", data type mappings; looked at with 3.6.1).
 *
 * <p>Traps: where Connect runs in a Turkish locale, Debezium does not know {@code unsigned} and sends such numbers as negative ones; the year
 * 0000 comes as 1900, which MySQL does not have.
 */
final class DebeziumMysqlValues implements ColumnValues {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final int YEAR_ZERO = 1900;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    @Override
    public String text(ColumnType type, Json value) {
        if (value instanceof Json.Null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> truth(number(type, value));
            case INTEGER -> integer(type, value);
            case DECIMAL -> type.baseName().equals("bigint") ? integer(type, value) : string(type, value);
            case FLOAT4, FLOAT8 -> number(type, value);
            case BYTES -> bytes(type, string(type, value));
            case BIT -> bits(type, value);
            case DATE ->
                value instanceof Json.Text text
                        ? text.value()
                        : LocalDate.ofEpochDay(Long.parseLong(number(type, value)))
                                .toString();
            case TIME, INTERVAL -> time(Long.parseLong(number(type, value)));
            case TIMESTAMP ->
                value instanceof Json.Text text ? text.value() : timestamp(Long.parseLong(number(type, value)));
            case TEXT, CHAR, ENUM, JSON, JSONB, TIMESTAMPTZ -> string(type, value);
            default -> throw new IllegalArgumentException("type " + type + " is not carried from MySQL");
        };
    }

    private static String truth(String number) {
        return switch (number) {
            case "0" -> "false";
            case "1" -> "true";
            default ->
                throw new IllegalArgumentException(
                        "it is " + number + ", and the URL of the source says that it is a boolean, which is 0 or 1");
        };
    }

    private static String integer(ColumnType type, Json value) {
        String text = value instanceof Json.Text sent ? sent.value() : number(type, value);
        if (type.name().startsWith("year")) {
            return text.equals(Integer.toString(YEAR_ZERO)) ? "0" : text;
        }
        if (!text.startsWith("-") || !type.name().contains(" unsigned")) {
            return text;
        }
        return new BigInteger(text).add(BigInteger.ONE.shiftLeft(bits(type))).toString();
    }

    private static int bits(ColumnType type) {
        String name = type.name();
        if (name.startsWith("tinyint")) {
            return 8;
        }
        if (name.startsWith("smallint")) {
            return 16;
        }
        if (name.startsWith("mediumint")) {
            return 24;
        }
        return name.startsWith("bigint") ? 64 : 32;
    }

    /** The log leaves out zeros at the end of BINARY(n). */
    private static String bytes(ColumnType type, String hex) {
        int missing = type.baseName().equals("binary") ? 2 * type.modifier() - hex.length() : 0;
        return "\\x" + hex + "0".repeat(Math.max(0, missing));
    }

    /** A boolean for BIT(1), else bytes, the lowest first. */
    private static String bits(ColumnType type, Json value) {
        if (value instanceof Json.Bool bool) {
            return bool.value() ? "1" : "0";
        }
        String text = string(type, value);
        byte[] bytes = Base64.getDecoder().decode(text);
        StringBuilder bits = new StringBuilder();
        for (int i = type.modifier() - 1; i >= 0; i--) {
            boolean set = i / 8 < bytes.length && (bytes[i / 8] >> (i % 8) & 1) == 1;
            bits.append(set ? '1' : '0');
        }
        return bits.toString();
    }

    /** MySQL's times go from -838:59:59 to 838:59:59. */
    private static String time(long micros) {
        long absolute = Math.abs(micros);
        long seconds = absolute / MICROS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d.%06d",
                micros < 0 ? "-" : "",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                absolute % MICROS_PER_SECOND);
    }

    private static String timestamp(long micros) {
        return TIMESTAMP.format(LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                ZoneOffset.UTC));
    }

    private static String number(ColumnType type, Json value) {
        if (value instanceof Json.Numeral number) {
            return number.text();
        }
        throw unexpected(type, value);
    }

    private static String string(ColumnType type, Json value) {
        if (value instanceof Json.Text text) {
            return text.value();
        }
        if (value instanceof Json.Numeral number && type.kind() == TypeKind.DECIMAL) {
            return number.text();
        }
        throw unexpected(type, value);
    }

    private static IllegalArgumentException unexpected(ColumnType type, Json value) {
        return new IllegalArgumentException("a value of type " + type + " came as JSON "
                + value.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                + "; was the connector deployed by godwit connectors deploy?");
    }
}

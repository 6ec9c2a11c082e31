package dev.godwit.apply.decode;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import dev.godwit.database.type.UnchangedValue;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;

/**
 * Turns the values of Debezium's PostgreSQL connector, configured as the connectors module does it ({@code
 * decimal.handling.mode=string}, {@code time.precision.mode=microseconds}, {@code binary.handling.mode=hex}, {@code
 * interval.handling.mode=string}, arrays and bit strings as the server's text), into the text that the column's
 * type takes. The odd constants are Debezium's, observed with 3.6.1.
 */
final class DebeziumPostgresValues implements ColumnValues {
    private static final long DATE_INFINITY = -2147472692;
    private static final long DATE_MINUS_INFINITY = -2147472691;
    private static final long TIMESTAMP_INFINITY = 9223372036825200000L;
    private static final long TIMESTAMP_MINUS_INFINITY = -9223372036832400000L;

    /**
     * 4714 BC, the beginning of PostgreSQL's calendar: anything below is a later timestamp that has overflowed on
     * its way.
     */
    private static final long TIMESTAMP_MIN = -210866803200000000L;

    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

    private static final Set<TypeKind> NEVER_UNCHANGED = Set.of(TypeKind.BOOLEAN, TypeKind.INTEGER, TypeKind.DATE);

    @Override
    public boolean isUnavailable(ColumnType type, Json value) {
        return !NEVER_UNCHANGED.contains(type.kind())
                && value instanceof Json.Text text
                && text.value().equals(UnchangedValue.PLACEHOLDER);
    }

    @Override
    public String text(ColumnType type, Json value) {
        if (value instanceof Json.Null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> bool(type, value);
            case INTEGER -> number(type, value);
            case FLOAT4, FLOAT8 -> value instanceof Json.Text text ? text.value() : number(type, value);
            case DECIMAL -> decimal(string(type, value));
            case BYTES -> "\\x" + string(type, value);
            case DATE -> date(integer(type, value));
            case TIME -> time(integer(type, value));
            case TIMESTAMP -> timestamp(integer(type, value));
            case TIMESTAMPTZ -> timestampWithZone(string(type, value));
            case TEXT, CHAR, UUID, ENUM, INET, JSON, JSONB, INTERVAL, BIT, VARBIT, ARRAY -> string(type, value);
            case TIMETZ, OTHER ->
                throw new IllegalArgumentException("type " + type
                        + " does not come through the connector unchanged; leave the column's table out of the phase");
        };
    }

    private static String decimal(String text) {
        return switch (text) {
            case "NAN" -> "NaN";
            case "POSITIVE_INFINITY" -> "Infinity";
            case "NEGATIVE_INFINITY" -> "-Infinity";
            default -> text;
        };
    }

    private static String date(long days) {
        if (days == DATE_INFINITY) {
            return "infinity";
        }
        return days == DATE_MINUS_INFINITY ? "-infinity" : dateText(LocalDate.ofEpochDay(days));
    }

    private static String dateText(LocalDate date) {
        // The year before 1 is 0 in ISO 8601 and 1 BC in SQL.
        boolean beforeChrist = date.getYear() <= 0;
        int year = beforeChrist ? 1 - date.getYear() : date.getYear();
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s",
                year,
                date.getMonthValue(),
                date.getDayOfMonth(),
                beforeChrist ? " BC" : "");
    }

    private static String time(long micros) {
        return micros == 24L * 3600 * MICROS_PER_SECOND
                ? "24:00:00"
                : TIME.format(LocalTime.ofNanoOfDay(micros * 1_000L));
    }

    private static String timestamp(long micros) {
        if (micros == TIMESTAMP_INFINITY) {
            return "infinity";
        }
        if (micros == TIMESTAMP_MINUS_INFINITY) {
            return "-infinity";
        }
        if (micros < TIMESTAMP_MIN) {
            throw new IllegalArgumentException(
                    "a timestamp after 294247-01-10 04:00:54 has overflowed on its way through the connector");
        }
        return timestampText(
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(micros, MICROS_PER_SECOND),
                        (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                        ZoneOffset.UTC),
                "");
    }

    private static String timestampWithZone(String text) {
        if (text.length() > 4 && text.charAt(4) == '-' && !text.startsWith("-") && !text.startsWith("0000")) {
            return text; // a year of four digits: PostgreSQL takes it as it is
        }
        if (text.equals("infinity") || text.equals("-infinity")) {
            return text;
        }
        OffsetDateTime time = OffsetDateTime.parse(text);
        return timestampText(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(), "+00");
    }

    private static String timestampText(LocalDateTime time, String zone) {
        String date = dateText(time.toLocalDate());
        boolean beforeChrist = date.endsWith(" BC");
        return (beforeChrist ? date.substring(0, date.length() - 3) : date) + " "
                + TIME.format(time.toLocalTime().truncatedTo(ChronoUnit.MICROS)) + zone + (beforeChrist ? " BC" : "");
    }

    private static String bool(ColumnType type, Json value) {
        if (value instanceof Json.Bool bool) {
            return Boolean.toString(bool.value());
        }
        throw unexpected(type, value);
    }

    private static String number(ColumnType type, Json value) {
        if (value instanceof Json.Numeral number) {
            return number.text();
        }
        throw unexpected(type, value);
    }

    private static long integer(ColumnType type, Json value) {
        return Long.parseLong(number(type, value));
    }

    private static String string(ColumnType type, Json value) {
        if (value instanceof Json.Text text) {
            return text.value();
        }
        throw unexpected(type, value);
    }

    private static IllegalArgumentException unexpected(ColumnType type, Json value) {
        return new IllegalArgumentException("a value of type " + type + " came as JSON "
                + value.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                + "; was the connector deployed by godwit connectors deploy?");
    }
}

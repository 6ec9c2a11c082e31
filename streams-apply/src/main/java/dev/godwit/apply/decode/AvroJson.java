package dev.godwit.apply.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * An Avro value as the JSON that a changefeed would have sent for it: decimals as numbers with their scale, dates and times
 * as text, bytes in hex. What has no logical type (all of Debezium's values) keeps its plain form.
 */
final class AvroJson {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    /** 4714 BC, where CockroachDB's timestamps begin: anything earlier is a later one that overflowed on its way. */
    private static final long TIMESTAMP_MIN = -210866803200000000L;

    private AvroJson() {}

    static Json.Members record(IndexedRecord record) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            members.put(field.name(), value(field.schema(), record.get(field.pos())));
        }
        return new Json.Members(members);
    }

    static Json value(Schema declared, Object value) {
        if (value == null) {
            return Json.NULL;
        }
        Schema schema = declared.getType() == Schema.Type.UNION
                ? declared.getTypes().get(GenericData.get().resolveUnion(declared, value))
                : declared;
        return switch (schema.getType()) {
            case RECORD -> record((IndexedRecord) value);
            case ARRAY -> array(schema, (Collection<?>) value);
            case MAP -> map(schema, (Map<?, ?>) value);
            case STRING, ENUM -> new Json.Text(value.toString());
            case BOOLEAN -> new Json.Bool((Boolean) value);
            case INT, LONG -> integer(schema, ((Number) value).longValue());
            case FLOAT, DOUBLE -> floating((Number) value);
            case BYTES -> bytes(schema, (ByteBuffer) value);
            case FIXED -> bytes(schema, ByteBuffer.wrap(((GenericData.Fixed) value).bytes()));
            case NULL -> Json.NULL;
            case UNION -> throw new IllegalArgumentException("a union directly within a union");
        };
    }

    private static Json array(Schema schema, Collection<?> values) {
        List<Json> elements = new ArrayList<>(values.size());
        values.forEach(element -> elements.add(value(schema.getElementType(), element)));
        return new Json.Array(elements);
    }

    private static Json map(Schema schema, Map<?, ?> values) {
        Map<String, Json> members = new LinkedHashMap<>();
        values.forEach((key, element) -> members.put(key.toString(), value(schema.getValueType(), element)));
        return new Json.Members(members);
    }

    private static Json integer(Schema schema, long value) {
        if (schema.getLogicalType() == null) {
            return new Json.Numeral(Long.toString(value));
        }
        return switch (schema.getLogicalType().getName()) {
            case "date" -> new Json.Text(date(LocalDate.ofEpochDay(value)));
            case "time-micros" -> new Json.Text(time(value));
            case "timestamp-micros" -> new Json.Text(timestamp(value));
            default ->
                throw new IllegalArgumentException(
                        "the Avro type " + schema.getLogicalType().getName() + " is not one that changefeeds write");
        };
    }

    private static Json floating(Number value) {
        double number = value.doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return new Json.Text(Double.toString(number));
        }
        return new Json.Numeral(value.toString()); // a float's own shortest text, not that of the widened double
    }

    private static Json bytes(Schema schema, ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return new Json.Numeral(new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString());
        }
        return new Json.Text("\\x" + HexFormat.of().formatHex(bytes));
    }

    private static String date(LocalDate date) {
        boolean beforeChrist = date.getYear() <= 0;
        return String.format(
                java.util.Locale.ROOT,
                "%04d-%02d-%02d%s",
                beforeChrist ? 1 - date.getYear() : date.getYear(),
                date.getMonthValue(),
                date.getDayOfMonth(),
                beforeChrist ? " BC" : "");
    }

    private static String time(long micros) {
        // 24:00 is a time of its own in CockroachDB.
        return micros == 24L * 3600 * MICROS_PER_SECOND
                ? "24:00:00"
                : LocalTime.ofNanoOfDay(Math.multiplyExact(micros, 1_000L)).toString();
    }

    /** Without a zone: what was TIMESTAMP and what was TIMESTAMPTZ look the same in Avro; the column's type tells. */
    private static String timestamp(long micros) {
        if (micros < TIMESTAMP_MIN) {
            throw new IllegalArgumentException(
                    "a timestamp after the year 294246 (or an infinite one) has overflowed in Avro; use format=json");
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000,
                ZoneOffset.UTC);
        String date = date(time.toLocalDate());
        boolean beforeChrist = date.endsWith(" BC");
        return (beforeChrist ? date.substring(0, date.length() - 3) : date) + " " + time.toLocalTime()
                + (beforeChrist ? " BC" : "");
    }
}

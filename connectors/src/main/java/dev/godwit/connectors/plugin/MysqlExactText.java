package dev.godwit.connectors.plugin;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * A Debezium converter that refuses dates which no calendar has, beside Debezium's MySQL connector.
 *
 * <p>Debezium makes NULL of a zero date, or 1970-01-01 where the column takes no NULL. Here a column that takes none fails the task instead;
 * for one that does, a zero date looks like a NULL, so Godwit wants a server whose sql_mode forbids zero dates.
 */
public final class MysqlExactText implements CustomConverter<SchemaBuilder, RelationalColumn> {
    private static final Set<String> DATED = Set.of("DATE", "DATETIME", "TIMESTAMP");

    @Override
    public void configure(Properties properties) {
        // There is nothing to set.
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        String type = column.typeName()
                .toUpperCase(Locale.ROOT)
                .replaceFirst("\\(.*", "")
                .trim();
        if (DATED.contains(type) && !column.isOptional()) {
            String place = column.dataCollection() + "." + column.name();
            registration.register(SchemaBuilder.string().optional(), value -> text(value, place));
        }
    }

    private static String text(Object value, String place) {
        if (value == null) {
            throw new IllegalArgumentException("column " + place + " holds a date that no calendar has");
        }
        if (value instanceof OffsetDateTime moment) {
            return moment.withOffsetSameInstant(ZoneOffset.UTC).toString();
        }
        if (value instanceof ZonedDateTime moment) {
            return moment.withZoneSameInstant(ZoneOffset.UTC).toOffsetDateTime().toString();
        }
        if (value instanceof LocalDate || value instanceof LocalDateTime) {
            return value.toString();
        }
        throw new IllegalArgumentException(
                "column " + place + " came as a " + value.getClass().getName() + ", whose text form is not known");
    }
}

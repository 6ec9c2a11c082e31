package dev.godwit.connectors.plugin;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.sql.Array;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * A Debezium converter that sends arrays and bit strings as the text PostgreSQL itself gave: {@code {1,NULL,3}}, {@code 00101}.
 *
 * <p>It runs inside the Connect worker, beside Debezium's PostgreSQL connector. Debezium 3.6 by itself loses such values without
 * an error: an array of an enum, a numeric array with a NaN, an unchanged out-of-line {@code boolean[]} all become null, a two-dimensional
 * array becomes nulls, times in arrays lose their microseconds, and {@code varbit} loses its length.
 *
 * <p>Setting {@code unchanged.placeholder}: the text that stands for a value that PostgreSQL did not send because it did not
 * change. A value of any other class fails the task: better no event than a wrong one.
 */
public final class ExactText implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** Name of the setting, to be written behind the converter's name. */
    public static final String UNCHANGED_PLACEHOLDER = "unchanged.placeholder";

    private String unchangedPlaceholder;

    @Override
    public void configure(Properties properties) {
        unchangedPlaceholder = properties.getProperty(UNCHANGED_PLACEHOLDER);
        if (unchangedPlaceholder == null) {
            throw new IllegalArgumentException("the converter needs the setting " + UNCHANGED_PLACEHOLDER);
        }
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        if (isArray(column) || column.nativeType() == BIT || column.nativeType() == VARBIT) {
            String place = column.dataCollection() + "." + column.name();
            registration.register(SchemaBuilder.string().optional(), value -> text(value, place));
        }
    }

    // Object identifiers of built-in types never change (pg_type.dat).
    private static final int BIT = 1560;
    private static final int VARBIT = 1562;

    private static boolean isArray(RelationalColumn column) {
        return column.jdbcType() == java.sql.Types.ARRAY || column.typeName().startsWith("_");
    }

    private String text(Object value, String place) {
        if (value == null) {
            return null;
        }
        if (value instanceof String || value instanceof Array) { // PgArray.toString() is the literal as it came
            return value.toString();
        }
        if (value.getClass() == Object.class) { // the markers of UnchangedToastedReplicationMessageColumn
            return unchangedPlaceholder;
        }
        throw new IllegalArgumentException(
                "column " + place + " came as a " + value.getClass().getName() + ", whose text form is not known");
    }
}

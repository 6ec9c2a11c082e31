package dev.godwit.bench.workload;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Locale;

/**
 * The column types of the workloads: how PostgreSQL names them, and how Debezium's connector, configured as the
 * connectors module does it, writes and describes them. Types that Debezium's sink cannot write in its fastest mode are
 * left out (see README.md).
 */
public enum ValueKind {
    SMALLINT("int16", null),
    INTEGER("int32", null),
    BIGINT("int64", null),
    BOOLEAN("boolean", null),
    REAL("float", null),
    DOUBLE_PRECISION("double", null),
    NUMERIC("string", null),
    TEXT("string", null),
    UUID("string", "io.debezium.data.Uuid"),
    JSONB("string", "io.debezium.data.Json"),
    TIMESTAMPTZ("string", "io.debezium.time.ZonedTimestamp");

    private final String schemaType;
    private final String schemaName;

    ValueKind(String schemaType, String schemaName) {
        this.schemaType = schemaType;
        this.schemaName = schemaName;
    }

    /** As in a column definition, without precision. */
    public String sqlType() {
        return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    /** Kafka Connect's type. */
    public String schemaType() {
        return schemaType;
    }

    /** The semantic type that Debezium gives it; null if it has none. */
    public String schemaName() {
        return schemaName;
    }

    /**
     * Appends the value as JSON.
     *
     * @param text a value in PostgreSQL's input form, or null
     */
    public void appendJson(String text, StringBuilder out) {
        if (text == null) {
            out.append("null");
            return;
        }
        switch (this) {
            case SMALLINT, INTEGER, BIGINT, BOOLEAN, REAL, DOUBLE_PRECISION -> out.append(text);
            case NUMERIC, TEXT, UUID, JSONB, TIMESTAMPTZ -> {
                out.append('"');
                JsonStringEncoder.getInstance().quoteAsString(text, out);
                out.append('"');
            }
        }
    }
}

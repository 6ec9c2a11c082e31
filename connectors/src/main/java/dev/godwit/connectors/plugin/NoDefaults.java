package dev.godwit.connectors.plugin;

import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Takes the defaults of columns out of the schemas of messages. Avro converters ask for a value by {@code Struct.get}, which
 * answers a NULL with the default of its column: an UPDATE to NULL would arrive as the default, without an error. (Connect's JSON
 * converter has {@code replace.null.with.default} against it.)
 *
 * <p>Runs inside the Connect worker. Neither drops nor splits messages. Used by one thread.
 */
public final class NoDefaults<R extends ConnectRecord<R>> implements Transformation<R> {
    /** Debezium makes the schemas of a table once and uses the same object for each message until the table changes. */
    private static final int SCHEMAS_MAX = 10_000;

    private final IdentityHashMap<Schema, Schema> stripped = new IdentityHashMap<>();

    @Override
    public R apply(R message) {
        Schema keySchema = strip(message.keySchema());
        Schema valueSchema = strip(message.valueSchema());
        return message.newRecord(
                message.topic(),
                message.kafkaPartition(),
                keySchema,
                copy(message.key(), keySchema),
                valueSchema,
                copy(message.value(), valueSchema),
                message.timestamp());
    }

    private Schema strip(Schema schema) {
        if (schema == null || (schema.type() != Schema.Type.STRUCT && schema.defaultValue() == null)) {
            return schema;
        }
        Schema known = stripped.get(schema);
        if (known != null) {
            return known;
        }
        if (stripped.size() >= SCHEMAS_MAX) {
            stripped.clear();
        }
        SchemaBuilder builder = new SchemaBuilder(schema.type())
                .name(schema.name())
                .version(schema.version())
                .doc(schema.doc());
        if (schema.parameters() != null) {
            builder.parameters(schema.parameters());
        }
        if (schema.isOptional()) {
            builder.optional();
        }
        if (schema.type() == Schema.Type.STRUCT) {
            schema.fields().forEach(field -> builder.field(field.name(), strip(field.schema())));
        }
        Schema made = builder.build();
        stripped.put(schema, made);
        return made;
    }

    private static Object copy(Object value, Schema schema) {
        if (!(value instanceof Struct struct)) {
            return value;
        }
        Struct copy = new Struct(schema);
        for (Field field : schema.fields()) {
            copy.put(field, copy(struct.getWithoutDefault(field.name()), field.schema()));
        }
        return copy;
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public void configure(Map<String, ?> settings) {
        // There is nothing to set.
    }

    @Override
    public void close() {
        stripped.clear();
    }
}

package dev.godwit.apply.decode;

import dev.godwit.apply.change.Origin;
import dev.godwit.apply.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Debezium's messages from an Avro converter (Confluent's, or Apicurio's with Confluent's ids), turned into the JSON of the
 * same envelope and read as that: our connector settings make every value a string, a number or a boolean, which both
 * formats carry alike. A message that is JSON is passed on as it is. Not thread-safe.
 */
public final class AvroDebeziumDecoder implements Decoder {
    private static final Set<String> ROWS = Set.of("before", "after");

    private final AvroMessages messages;
    private final Decoder json;

    /** @param json reads Debezium's JSON without schemas */
    public AvroDebeziumDecoder(SchemaRegistry registry, Decoder json) {
        this.messages = new AvroMessages(registry);
        this.json = json;
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (!AvroMessages.isAvro(value)) {
            return json.decode(origin, key, value);
        }
        Map<String, Json> members = new LinkedHashMap<>();
        AvroJson.record(messages.read(origin, value))
                .members()
                .forEach((name, member) -> members.put(
                        name, ROWS.contains(name) && member instanceof Json.Members row ? columns(row) : member));
        byte[] jsonKey = AvroMessages.isAvro(key) ? bytes(columns(AvroJson.record(messages.read(origin, key)))) : key;
        return json.decode(origin, jsonKey, bytes(new Json.Members(members)));
    }

    private static Json.Members columns(Json.Members row) {
        Map<String, Json> columns = new LinkedHashMap<>();
        row.members().forEach((field, value) -> columns.put(AvroNames.debeziumColumn(field), value));
        return new Json.Members(columns);
    }

    private static byte[] bytes(Json.Members json) {
        return Json.render(json).getBytes(StandardCharsets.UTF_8);
    }
}

package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.registry.SchemaRegistry;
import dev.godwit.database.catalog.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * Changefeed messages in every shape that keeps what replication needs, told apart message by message: Avro begins with
 * a zero byte, the key of the enriched envelope is a JSON object, that of the wrapped one an array. So the applier needs
 * no setting that could disagree with the feed.
 */
public final class AnyChangefeedDecoder implements Decoder {
    private final Decoder json;
    private final Optional<Decoder> avro;

    /** @param registry where Avro schemas are; empty if no Avro is expected */
    public AnyChangefeedDecoder(
            String domain,
            Map<String, TableName> tablesByTopic,
            Map<TableName, CapturedTable> tables,
            Optional<SchemaRegistry> registry) {
        this.json = new JsonShapes(
                new ChangefeedDecoder(domain, tablesByTopic, tables),
                new EnrichedChangefeedDecoder(domain, tablesByTopic, tables));
        this.avro =
                registry.map(known -> new AvroChangefeedDecoder(new AvroMessages(known), tablesByTopic, tables, json));
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (!AvroMessages.isAvro(value)) {
            return json.decode(origin, key, value);
        }
        return avro.orElseThrow(
                        () -> new ApplyException(
                                "the message at " + origin
                                        + " is Avro, and no Schema Registry is known; set schema.registry.url among the Kafka properties"))
                .decode(origin, key, value);
    }

    /** Wrapped and enriched. A resolved message has no key and looks the same in both. */
    private record JsonShapes(Decoder wrapped, Decoder enriched) implements Decoder {
        @Override
        public Event decode(Origin origin, byte[] key, byte[] value) {
            boolean byName = key != null && key.length > 0 && key[0] == '{';
            return (byName || key == null ? enriched : wrapped).decode(origin, key, value);
        }
    }
}

package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.database.catalog.TableName;
import java.util.Map;

/**
 * CockroachDB changefeed messages: JSON, {@code envelope=wrapped}, with {@code updated} and {@code resolved};
 * {@code diff}, {@code key_in_value}, {@code mvcc_timestamp}, {@code topic_in_value} and
 * {@code encode_json_value_null_as_object} may be there (CockroachDB documentation, "Changefeed Messages").
 */
public final class ChangefeedDecoder implements Decoder {
    private static final String REMEDY = "the changefeed needs the options updated and resolved";

    private final ChangefeedEvents events;

    public ChangefeedDecoder(
            String domain, Map<String, TableName> tablesByTopic, Map<TableName, CapturedTable> tables) {
        this.events = new ChangefeedEvents(domain, tablesByTopic, tables);
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (value == null) {
            throw new ApplyException("empty message at " + origin
                    + ": the changefeed must use envelope=wrapped, in which a delete has \"after\": null");
        }
        Json.Members envelope = Records.object(origin, value);
        if (key == null) {
            return new Event.Resolved(ChangefeedEvents.timestamp(origin, envelope, "resolved", REMEDY));
        }
        HybridTimestamp updated = ChangefeedEvents.timestamp(origin, envelope, "updated", REMEDY);
        if (!envelope.members().containsKey("after")) {
            throw new ApplyException("the message at " + origin
                    + " has no \"after\": the changefeed must use envelope=wrapped or envelope=enriched");
        }
        return events.row(origin, updated, key, envelope);
    }
}

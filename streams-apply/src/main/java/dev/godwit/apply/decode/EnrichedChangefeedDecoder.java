package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.database.catalog.TableName;
import java.util.Map;

/**
 * CockroachDB changefeed messages: JSON, {@code envelope=enriched} (a preview since v25.2), with or without
 * {@code schema} among the {@code enriched_properties} (CockroachDB documentation, "Changefeed Message Envelope").
 *
 * <p>The time of the commit stands in {@code source.ts_hlc} only. The envelope's own {@code ts_ns} is when the message
 * was made: it tells no order and no transaction, so a feed without {@code source} is refused instead of guessed at.
 */
final class EnrichedChangefeedDecoder implements Decoder {
    private static final String REMEDY =
            "with envelope=enriched the changefeed needs the options updated, resolved and enriched_properties='source'";

    private final ChangefeedEvents events;

    EnrichedChangefeedDecoder(
            String domain, Map<String, TableName> tablesByTopic, Map<TableName, CapturedTable> tables) {
        this.events = new ChangefeedEvents(domain, tablesByTopic, tables);
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (value == null) {
            throw new ApplyException(
                    "empty message at " + origin + ": with envelope=enriched a delete has \"after\": null");
        }
        Json.Members envelope = ChangefeedEvents.payload(Records.object(origin, value));
        if (key == null) {
            return new Event.Resolved(ChangefeedEvents.timestamp(origin, envelope, "resolved", REMEDY));
        }
        return events.row(origin, committed(origin, envelope), key, envelope);
    }

    private static HybridTimestamp committed(Origin origin, Json.Members envelope) {
        if (!envelope.members().containsKey("after")) {
            throw new ApplyException("the message at " + origin + " has no \"after\"; " + REMEDY);
        }
        // The "updated" of the wrapped envelope, in case a later version sends it here too.
        if (envelope.member("updated") instanceof Json.Text updated) {
            return HybridTimestamp.parse(updated.value());
        }
        if (envelope.member("source") instanceof Json.Members source) {
            return ChangefeedEvents.timestamp(origin, source, "ts_hlc", REMEDY);
        }
        throw new ApplyException("the message at " + origin + " has no \"source\"; " + REMEDY);
    }
}

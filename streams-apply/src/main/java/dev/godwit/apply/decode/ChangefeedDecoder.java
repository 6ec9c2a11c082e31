package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.io.IOException;
import java.util.Map;

/**
 * CockroachDB changefeed messages: JSON, {@code envelope=wrapped}, with {@code updated} and {@code resolved};
 * {@code diff}, {@code key_in_value}, {@code mvcc_timestamp} and {@code topic_in_value} may be there (CockroachDB
 * documentation, "Changefeed Messages").
 */
public final class ChangefeedDecoder implements Decoder {
    private final String domain;
    private final Map<String, TableName> tablesByTopic;
    private final Map<TableName, CapturedTable> tables;
    private final ColumnValues values = new ChangefeedValues();

    public ChangefeedDecoder(
            String domain, Map<String, TableName> tablesByTopic, Map<TableName, CapturedTable> tables) {
        this.domain = domain;
        this.tablesByTopic = Map.copyOf(tablesByTopic);
        this.tables = Map.copyOf(tables);
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (value == null) {
            throw new ApplyException("empty message at " + origin
                    + ": the changefeed must use envelope=wrapped, in which a delete has \"after\": null");
        }
        Json.Members envelope = Records.object(origin, value);
        if (key == null) {
            return new Event.Resolved(timestamp(origin, envelope, "resolved"));
        }
        HybridTimestamp updated = timestamp(origin, envelope, "updated");
        TableName name = tablesByTopic.get(origin.partition().topic());
        if (name == null) {
            throw new ApplyException(
                    "no table belongs to topic " + origin.partition().topic());
        }
        if (name.equals(LedgerSchema.APPLIED)) {
            return new Event.TimestampedRow(updated, Meaning.ECHO, null, null);
        }
        if (name.equals(LedgerSchema.WATERMARK)) {
            return new Event.TimestampedRow(
                    updated, Meaning.WATERMARK, null, Records.marker(domain, envelope.member("after")));
        }
        return new Event.TimestampedRow(updated, Meaning.DATA, change(origin, tables.get(name), key, envelope), null);
    }

    private Change change(Origin origin, CapturedTable table, byte[] key, Json.Members envelope) {
        Key rowKey = table.key(origin, keyArray(origin, key), values);
        Row after = row(origin, table, envelope.member("after"));
        // With diff, an inserted row has "before": null; without it, there is no such member.
        boolean inserted = after != null && envelope.members().get("before") instanceof Json.Null;
        Row before = inserted ? table.noRow() : row(origin, table, envelope.member("before"));
        Operation operation = after == null ? Operation.DELETE : Operation.UPSERT;
        return new Change(table.targetTable(), operation, rowKey, before, after, origin);
    }

    private Row row(Origin origin, CapturedTable table, Json image) {
        return image instanceof Json.Members members ? table.row(origin, members, values) : null;
    }

    private static Json.Array keyArray(Origin origin, byte[] key) {
        try {
            if (Json.parse(key) instanceof Json.Array array) {
                return array;
            }
        } catch (IOException e) {
            throw new ApplyException("the message key at " + origin + " is no JSON", e);
        }
        throw new ApplyException("the message key at " + origin + " is no JSON array; use envelope=wrapped");
    }

    private static HybridTimestamp timestamp(Origin origin, Json.Members envelope, String name) {
        if (envelope.member(name) instanceof Json.Text text) {
            return HybridTimestamp.parse(text.value());
        }
        throw new ApplyException("the message at " + origin + " has no \"" + name
                + "\"; the changefeed needs the options updated and resolved");
    }
}

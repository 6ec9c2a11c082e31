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

/** What the envelopes of changefeeds share: the table behind a topic, the key, both images of the row. */
final class ChangefeedEvents {
    private final String domain;
    private final Map<String, TableName> tablesByTopic;
    private final Map<TableName, CapturedTable> tables;
    private final ColumnValues values = new ChangefeedValues();

    ChangefeedEvents(String domain, Map<String, TableName> tablesByTopic, Map<TableName, CapturedTable> tables) {
        this.domain = domain;
        this.tablesByTopic = Map.copyOf(tablesByTopic);
        this.tables = Map.copyOf(tables);
    }

    /**
     * @param images has {@code after} and, where the feed sends it, {@code before}
     */
    Event row(Origin origin, HybridTimestamp updated, byte[] key, Json.Members images) {
        TableName name = table(origin);
        if (name.equals(LedgerSchema.APPLIED)) {
            return new Event.TimestampedRow(updated, Meaning.ECHO, null, null);
        }
        if (name.equals(LedgerSchema.WATERMARK)) {
            return new Event.TimestampedRow(
                    updated, Meaning.WATERMARK, null, Records.marker(domain, images.member("after")));
        }
        try {
            return new Event.TimestampedRow(
                    updated, Meaning.DATA, change(origin, updated, tables.get(name), key, images), null);
        } catch (SchemaChangedException e) {
            throw e.of(new Event.TimestampedRow(updated, Meaning.DATA, null, null));
        }
    }

    private TableName table(Origin origin) {
        String topic = origin.partition().topic();
        TableName name = tablesByTopic.get(topic);
        if (name != null) {
            return name;
        }
        int dot = topic.lastIndexOf('.');
        if (dot > 0 && tablesByTopic.containsKey(topic.substring(0, dot))) {
            throw new ApplyException(
                    "topic " + topic + " looks like column family \"" + topic.substring(dot + 1)
                            + "\" of the table of topic " + topic.substring(0, dot)
                            + "; families come one by one, so a row would be written in parts: keep all columns of the table in one family");
        }
        throw new ApplyException("no table belongs to topic " + topic);
    }

    private Change change(
            Origin origin, HybridTimestamp updated, CapturedTable table, byte[] key, Json.Members images) {
        Key rowKey = rowKey(origin, table, key);
        Row after = row(origin, table, images.member("after"));
        if (after != null && after.hasYounger()) {
            table.requireColumns(origin, after, updated);
        }
        // With diff, an inserted row has "before": null; without it, there is no such member.
        boolean inserted = after != null && images.members().get("before") instanceof Json.Null;
        Row before = inserted ? table.noRow() : row(origin, table, images.member("before"));
        Operation operation = after == null ? Operation.DELETE : Operation.UPSERT;
        return new Change(table.targetTable(), operation, rowKey, before, after, origin);
    }

    private Row row(Origin origin, CapturedTable table, Json image) {
        return image instanceof Json.Members members ? table.row(origin, members, values) : null;
    }

    /** The wrapped envelope has the key's values in an array, the enriched one has them by name. */
    private Key rowKey(Origin origin, CapturedTable table, byte[] key) {
        try {
            Json json = Json.parse(key);
            if (json instanceof Json.Array array) {
                return table.key(origin, array, values);
            }
            if (json instanceof Json.Members members) {
                return table.key(origin, payload(members), values);
            }
        } catch (IOException e) {
            throw new ApplyException("the message key at " + origin + " is no JSON", e);
        }
        throw new ApplyException(
                "the message key at " + origin + " is no JSON array or object; use envelope=wrapped or enriched");
    }

    /** With {@code enriched_properties='schema'} each object stands beside its schema, as Kafka Connect writes it. */
    static Json.Members payload(Json.Members object) {
        return object.members().size() == 2
                        && object.member("schema") instanceof Json.Members
                        && object.member("payload") instanceof Json.Members payload
                ? payload
                : object;
    }

    static HybridTimestamp timestamp(Origin origin, Json.Members object, String name, String remedy) {
        if (object.member(name) instanceof Json.Text text) {
            return HybridTimestamp.parse(text.value());
        }
        throw new ApplyException("the message at " + origin + " has no \"" + name + "\"; " + remedy);
    }
}

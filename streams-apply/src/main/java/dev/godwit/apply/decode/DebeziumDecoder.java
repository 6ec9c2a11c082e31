package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Debezium's envelopes with transaction metadata, as JSON without schemas (Debezium documentation, "Debezium connector for
 * PostgreSQL" and "for MySQL", data change events and transaction metadata). What differs between the connectors is the
 * {@link DebeziumLog}'s.
 */
public final class DebeziumDecoder implements Decoder {
    private static final byte[] BEGIN = "{\"status\":\"BEGIN\",".getBytes(StandardCharsets.UTF_8);

    private final String domain;
    private final String transactionTopic;
    private final Map<String, Topic> topics = new HashMap<>();
    private final DebeziumLog log;
    private final ColumnValues values;

    /** Of the PostgreSQL connector. */
    public DebeziumDecoder(
            String domain,
            String transactionTopic,
            Map<String, TableName> tablesByTopic,
            Map<TableName, CapturedTable> tables) {
        this(DebeziumLog.postgres(), domain, transactionTopic, tablesByTopic, tables);
    }

    public DebeziumDecoder(
            DebeziumLog log,
            String domain,
            String transactionTopic,
            Map<String, TableName> tablesByTopic,
            Map<TableName, CapturedTable> tables) {
        this.log = log;
        this.values = log.values();
        this.domain = domain;
        this.transactionTopic = transactionTopic;
        tablesByTopic.forEach((topic, name) ->
                topics.put(topic, new Topic(name, LedgerSchema.CAPTURED.contains(name), tables.get(name))));
    }

    /** What is known of a topic: looked up once for each record. */
    private static final class Topic {
        private final TableName name;
        /** Whether Godwit itself writes the table. */
        private final boolean own;

        private final CapturedTable table;
        /** Null unless the last row was one. */
        private LastDelete lastDelete;

        private Topic(TableName name, boolean own, CapturedTable table) {
            this.name = name;
            this.own = own;
            this.table = table;
        }
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        if (value == null) {
            return Event.NOTHING; // the tombstone after a delete, for compacted topics
        }
        String topic = origin.partition().topic();
        if (topic.equals(transactionTopic)) {
            return isBegin(value) ? Event.NOTHING : boundary(origin, Records.object(origin, value));
        }
        Topic known = topics.get(topic);
        if (known == null) {
            throw new ApplyException("no table belongs to topic " + topic);
        }
        if (known.own) {
            return own(origin, known.name, Records.object(origin, value));
        }
        try {
            return row(origin, known, key, value);
        } catch (SchemaChangedException e) {
            known.lastDelete = null;
            throw e.of(unchanged(origin, Records.object(origin, value), Meaning.DATA, null));
        }
    }

    /** Seen without reading it all: every second message of the topic is one. */
    private static boolean isBegin(byte[] value) {
        return Arrays.equals(value, 0, Math.min(value.length, BEGIN.length), BEGIN, 0, BEGIN.length);
    }

    private Event boundary(Origin origin, Json.Members envelope) {
        if (!"END".equals(text(origin, envelope, "status"))) {
            return Event.NOTHING;
        }
        String id = text(origin, envelope, "id");
        Map<String, Long> counts = new HashMap<>();
        if (envelope.member("data_collections") instanceof Json.Array collections) {
            for (Json collection : collections.elements()) {
                Json.Members members = (Json.Members) collection;
                counts.put(text(origin, members, "data_collection"), number(origin, members, "event_count"));
            }
        }
        return new Event.TransactionEnd(
                log.transaction(origin, id),
                log.end(origin, id),
                Instant.ofEpochMilli(number(origin, envelope, "ts_ms")),
                number(origin, envelope, "event_count"),
                counts);
    }

    /** A row of one of the tables that Godwit itself writes. */
    private Event own(Origin origin, TableName name, Json.Members envelope) {
        boolean echo = name.equals(LedgerSchema.APPLIED);
        return unchanged(
                origin,
                envelope,
                echo ? Meaning.ECHO : Meaning.WATERMARK,
                echo ? null : Records.marker(domain, envelope.member("after")));
    }

    private Event unchanged(Origin origin, Json.Members envelope, Meaning meaning, String marker) {
        if (!(envelope.member("transaction") instanceof Json.Members transaction)) {
            throw new ApplyException(
                    "the event at " + origin
                            + " belongs to no transaction; the connector needs provide.transaction.metadata=true and snapshot.mode=no_data");
        }
        Json.Members source = member(origin, envelope, "source");
        return new Event.TransactionRow(
                log.transaction(origin, text(origin, transaction, "id")),
                log.collection(origin, source),
                number(origin, transaction, "total_order"),
                number(origin, transaction, "data_collection_order"),
                log.row(origin, source),
                meaning,
                null,
                marker,
                log.place(origin, source));
    }

    private Event row(Origin origin, Topic topic, byte[] key, byte[] value) {
        DebeziumEnvelope envelope = DebeziumEnvelope.read(origin, value, topic.table, values);
        String xid = log.transaction(origin, envelope);
        long totalOrder = envelope.totalOrder();
        Change change = change(origin, topic.table, key, envelope);
        LastDelete lastDelete = topic.lastDelete;
        topic.lastDelete = null;
        if (change.operation() == Operation.DELETE) {
            topic.lastDelete = new LastDelete(xid, totalOrder, change.key());
        } else if (lastDelete != null && isKeyChange(envelope, change, lastDelete, xid, totalOrder)) {
            change = change.withAfter(change.after(), lastDelete.key);
        }
        return new Event.TransactionRow(
                xid,
                log.collection(envelope),
                totalOrder,
                envelope.collectionOrder(),
                log.row(envelope),
                Meaning.DATA,
                change,
                null,
                log.place(envelope));
    }

    /** What may turn out to be the first half of a key change. */
    private record LastDelete(String xid, long totalOrder, Key key) {}

    /**
     * A changed key comes as a delete of the old key and, right behind it, a create of the new one. If the create
     * lacks values (unchanged out-of-line ones), they stand in the row of the old key. A plain insert never lacks
     * any.
     */
    private static boolean isKeyChange(
            DebeziumEnvelope envelope, Change change, LastDelete lastDelete, String xid, long totalOrder) {
        return lastDelete.xid.equals(xid)
                && lastDelete.totalOrder == totalOrder - 1
                && change.operation() == Operation.UPSERT
                && change.after().isPartial()
                && envelope.operation().equals("c");
    }

    private Change change(Origin origin, CapturedTable table, byte[] key, DebeziumEnvelope envelope) {
        String code = envelope.operation();
        Operation operation =
                switch (code) {
                    case "c", "u" -> Operation.UPSERT;
                    case "d" -> Operation.DELETE;
                    case "t" -> Operation.TRUNCATE;
                    default ->
                        throw new ApplyException("the event at " + origin + " has operation \"" + code
                                + "\", which replication does not know");
                };
        if (operation == Operation.TRUNCATE) {
            return new Change(table.targetTable(), operation, null, null, null, origin);
        }
        if (key == null) {
            throw new ApplyException("the event at " + origin + " has no key; replicated tables need a primary key");
        }
        Row before = code.equals("c") ? table.noRow() : oldRow(table, envelope);
        Row after = operation == Operation.UPSERT ? envelope.after() : null;
        if (after != null && after.hasYounger()) {
            table.requireColumns(origin, after, log.row(envelope));
        }
        // The key stands in the new row too, which is read already.
        Key rowKey = after == null ? null : table.keyOf(after);
        return new Change(
                table.targetTable(),
                operation,
                rowKey != null ? rowKey : table.key(origin, Records.object(origin, key), values),
                before,
                after,
                origin);
    }

    /**
     * With the default replica identity the old row holds NULL for every column outside the key: it tells nothing of
     * them. Also where the identity is FULL now, a message may be older than that; so an old row is used only if it
     * tells something.
     *
     * @return null if it is not known
     */
    private static Row oldRow(CapturedTable table, DebeziumEnvelope envelope) {
        Row before = envelope.before();
        return before != null && table.tellsMoreThanKey(before) ? before : null;
    }

    private static Json.Members member(Origin origin, Json.Members object, String name) {
        if (object.member(name) instanceof Json.Members members) {
            return members;
        }
        throw new ApplyException(
                "the event at " + origin + " has no \"" + name + "\"; is it a Debezium envelope without schemas?");
    }

    static String text(Origin origin, Json.Members object, String name) {
        if (object.member(name) instanceof Json.Text text) {
            return text.value();
        }
        throw new ApplyException(
                "the event at " + origin + " has no \"" + name + "\"; is it a Debezium envelope without schemas?");
    }

    static long number(Origin origin, Json.Members object, String name) {
        Json value = object.member(name);
        if (value instanceof Json.Numeral number) {
            return Long.parseLong(number.text());
        }
        if (value instanceof Json.Text text) {
            return Long.parseLong(text.value());
        }
        throw new ApplyException("the event at " + origin + " has no number \"" + name + "\"");
    }
}

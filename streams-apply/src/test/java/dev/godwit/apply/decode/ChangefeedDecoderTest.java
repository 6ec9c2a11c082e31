package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.Samples.Message;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Messages recorded from a real CockroachDB, decoded value by value. */
class ChangefeedDecoderTest {
    private static final Table ALL_TYPES = Samples.table(
            "all_types",
            "id",
            "id:INTEGER,c_bool:BOOLEAN,c_i2:INTEGER,c_i4:INTEGER,c_i8:INTEGER,c_f4:FLOAT4,c_f8:FLOAT8,c_dec:DECIMAL,"
                    + "c_dec_unb:DECIMAL,c_str:TEXT,c_varchar:TEXT,c_char:CHAR,c_bytes:BYTES,c_uuid:UUID,c_date:DATE,c_time:TIME,"
                    + "c_timetz:TIMETZ,c_ts:TIMESTAMP,c_tstz:TIMESTAMPTZ,c_interval:INTERVAL,c_json:JSONB,c_inet:INET,c_bit:BIT,"
                    + "c_varbit:VARBIT,c_enum:ENUM,c_ia:INTEGER[],c_sa:TEXT[],c_coll:TEXT,c_computed:INTEGER=");
    private static final Table COMPOSITE =
            Samples.table("composite", "region,id,seq", "region:TEXT,id:UUID,seq:DECIMAL,v:TEXT");
    private static final Table WEIRD = Samples.table("Weird Name", "Key Col", "Key Col:TEXT,select:INTEGER,ünï:TEXT");
    private static final Table NO_KEY = Samples.table("nopk", "rowid", "a:INTEGER,b:TEXT,rowid:INTEGER-");
    private static final Table PARENT = Samples.table("parent", "id", "id:INTEGER,email:TEXT");
    private static final Table CHILD =
            Samples.table("child", "id", "id:INTEGER,parent_id:INTEGER,note:TEXT,extra:INTEGER");

    private final ChangefeedDecoder decoder = decoder();

    private static ChangefeedDecoder decoder() {
        Map<String, TableName> topics = new HashMap<>();
        Map<TableName, CapturedTable> tables = new HashMap<>();
        for (Table table : List.of(ALL_TYPES, COMPOSITE, WEIRD, NO_KEY, PARENT, CHILD)) {
            topics.put(table.name().name(), table.name());
            tables.put(table.name(), new CapturedTable(table, table));
        }
        topics.put("applied", LedgerSchema.APPLIED);
        topics.put("watermark", LedgerSchema.WATERMARK);
        return new ChangefeedDecoder("shop-eu-failback", topics, tables);
    }

    private Event decode(Message message) {
        String topic = message.topic() == null ? "all_types" : message.topic();
        return decoder.decode(new Origin(new TopicPartition(topic, 0), 5), message.key(), message.value());
    }

    private List<Change> changes(String resource, String table) {
        List<Change> changes = new ArrayList<>();
        for (Message message : Samples.read(resource)) {
            if (table.equals(message.topic())) {
                changes.add(((Event.TimestampedRow) decode(message)).change());
            }
        }
        return changes;
    }

    @Test
    void everyTypeKeepsItsValue() {
        Map<String, String> row = Samples.after(
                changes("/changefeed/changefeed-json.ndjson", "all_types").get(0));

        assertThat(row)
                .containsEntry("id", "1")
                .containsEntry("c_bool", "true")
                .containsEntry("c_i2", "-32768")
                .containsEntry("c_i4", "2147483647")
                .containsEntry("c_i8", "9223372036854775806")
                .containsEntry("c_f4", "1.5")
                .containsEntry("c_f8", "0.1")
                .containsEntry("c_dec", "12345678901234.123456")
                .containsEntry("c_dec_unb", "1E-30")
                .containsEntry("c_str", "plain")
                .containsEntry("c_varchar", "v")
                .containsEntry("c_char", "c")
                .containsEntry("c_bytes", "\\x00ff10616263")
                .containsEntry("c_uuid", "63616665-6630-3064-6465-616462656566")
                .containsEntry("c_date", "2024-02-29")
                .containsEntry("c_time", "23:59:59.999999")
                .containsEntry("c_timetz", "12:34:56.789+02:00:00")
                .containsEntry("c_ts", "1999-12-31T23:59:59.999999")
                .containsEntry("c_tstz", "2024-06-30T03:00:00.123456Z")
                .containsEntry("c_interval", "1 year 2 mons 3 days 04:05:06.789")
                .containsEntry("c_json", "{\"a\":[1,2.50,null,\"x\"],\"b\":{\"c\":true}}")
                .containsEntry("c_inet", "192.168.0.1/16")
                .containsEntry("c_bit", "10101010")
                .containsEntry("c_varbit", "101")
                .containsEntry("c_enum", "happy")
                .containsEntry("c_ia", "{\"1\",NULL,\"3\"}")
                .containsEntry("c_sa", "{\"a\",\"b\\\"c\",NULL}")
                .containsEntry("c_coll", "Straße")
                .containsEntry("c_computed", "9223372036854775807");
    }

    @Test
    void theEdgesOfEveryTypeKeepTheirValue() {
        List<Change> changes = changes("/changefeed/changefeed-json.ndjson", "all_types");
        Map<String, String> edges = Samples.after(changes.get(1));
        assertThat(edges)
                .containsEntry("c_bool", "false")
                .containsEntry("c_dec", "NaN")
                .containsEntry("c_dec_unb", "Infinity")
                .containsEntry("c_f4", "NaN")
                .containsEntry("c_f8", "Infinity")
                .containsEntry("c_str", "")
                .containsEntry("c_bytes", "\\x")
                .containsEntry("c_date", "0001-01-01")
                .containsEntry("c_time", "00:00:00")
                .containsEntry("c_timetz", "00:00:00-15:59:00")
                .containsEntry("c_ts", "0001-01-01T00:00:00")
                .containsEntry("c_tstz", "9999-12-31T23:59:59.999999Z")
                .containsEntry("c_interval", "-1 days")
                .containsEntry("c_json", null)
                .containsEntry("c_inet", "::1")
                .containsEntry("c_varbit", "")
                .containsEntry("c_ia", "{}");
        assertThat(Samples.after(changes.get(2)).values())
                .filteredOn(value -> value != null)
                .containsExactly("3");
        Map<String, String> odd = Samples.after(changes.get(3));
        assertThat(odd)
                .containsEntry("c_f8", "-0")
                .containsEntry("c_date", "infinity")
                .containsEntry("c_ts", "infinity")
                .containsEntry("c_json", "\"just a string\"")
                .containsEntry("c_str", "quote ' dq \" backslash \\ newline \n tab \t emoji 🐦 nul-free");
    }

    @Test
    void computedColumnsAreReadButNotWritten() {
        Change change =
                changes("/changefeed/changefeed-json.ndjson", "all_types").get(0);

        assertThat(change.after().writableColumns())
                .extracting("name")
                .doesNotContain("c_computed")
                .hasSize(28);
        assertThat(change.after().isPartial()).isFalse();
    }

    @Test
    void keysAreReadInTheOrderOfThePrimaryKey() {
        assertThat(changes("/changefeed/changefeed-json.ndjson", "composite"))
                .extracting(change -> change.key().values())
                .startsWith(
                        List.of("eu", "63616665-6630-3064-6465-616462656566", "1.50"),
                        List.of("us/east\"q", "63616665-6630-3064-6465-616462656567", "-0.01"));
        assertThat(changes("/changefeed/changefeed-json.ndjson", "Weird Name")
                        .get(0)
                        .key()
                        .values())
                .containsExactly("k 1");
        assertThat(changes("/changefeed/changefeed-json.ndjson", "nopk")
                        .get(0)
                        .key()
                        .values())
                .containsExactly("1229696640032669697");
    }

    @Test
    void aDeleteHasNoNewRow() {
        List<Change> deletes = changes("/changefeed/changefeed-json.ndjson", "all_types").stream()
                .filter(change -> change.operation() == Operation.DELETE)
                .toList();

        assertThat(deletes).extracting(change -> change.key().values()).contains(List.of("3"), List.of("4"));
        assertThat(deletes).allSatisfy(change -> assertThat(change.after()).isNull());
    }

    @Test
    void theOldRowIsReadWhereTheFeedSendsIt() {
        List<Change> changes = changes("/changefeed/changefeed-json-diff.ndjson", "parent");

        assertThat(changes)
                .filteredOn(
                        change -> change.before() != null && !change.before().isNone() && change.after() != null)
                .extracting(change ->
                        change.key().values().get(0) + ": " + change.before().value("email") + " -> "
                                + change.after().value("email"))
                .contains("1: a@x -> b@x", "2: b@x -> a@x");
    }

    @Test
    void rowsOfOneTransactionShareTheirTimestampAcrossTables() {
        Map<HybridTimestamp, List<String>> tables = new HashMap<>();
        for (Message message : Samples.read("/changefeed/changefeed-json.ndjson")) {
            if (decode(message) instanceof Event.TimestampedRow row) {
                tables.computeIfAbsent(row.updated(), updated -> new ArrayList<>())
                        .add(message.topic());
            }
        }
        assertThat(tables.get(HybridTimestamp.parse("1795344032823682645.0000000000")))
                .containsExactlyInAnyOrder("parent", "parent", "child", "child");
    }

    @Test
    void everyRecordedMessageIsUnderstood() {
        for (String resource :
                List.of("/changefeed/changefeed-json.ndjson", "/changefeed/changefeed-json-diff.ndjson")) {
            List<Event> events =
                    Samples.read(resource).stream().map(this::decode).toList();
            assertThat(events).hasAtLeastOneElementOfType(Event.Resolved.class);
            assertThat(events).doesNotContain(Event.NOTHING);
        }
    }

    @Test
    void resolvedTimestampsKeepTheirLogicalPart() {
        assertThat(decode(message(null, null, "{\"resolved\":\"1795344032985695737.2147483647\"}")))
                .isEqualTo(new Event.Resolved(new HybridTimestamp(1795344032985695737L, Integer.MAX_VALUE)));
    }

    @Test
    void aJsonNullIsToldFromAnSqlNullWhereTheFeedMarksIt() {
        Message message = message(
                "all_types",
                "[1]",
                "{\"after\":{\"id\":1,\"c_json\":{\"__crdb_json_null__\":true}},\"updated\":\"1.0000000000\"}");

        assertThat(Samples.after(((Event.TimestampedRow) decode(message)).change()))
                .containsEntry("c_json", "null");
    }

    @Test
    void aRowWithAColumnThatIsNotThereTellsWhenItWasWritten() {
        Message message =
                message("parent", "[1]", "{\"after\":{\"id\":1,\"former\":\"x\"},\"updated\":\"1.0000000000\"}");

        assertThat(catchThrowableOfType(SchemaChangedException.class, () -> decode(message))
                        .row())
                .contains(new Event.TimestampedRow(new HybridTimestamp(1, 0), Meaning.DATA, null, null));
    }

    @Test
    void godwitsOwnTransactionsAndDrainMarkersAreRecognised() {
        assertThat(decode(message("applied", "[\"d\",\"1\"]", "{\"after\":null,\"updated\":\"1.0000000000\"}")))
                .isEqualTo(new Event.TimestampedRow(new HybridTimestamp(1, 0), Meaning.ECHO, null, null));
        assertThat(
                        decode(
                                message(
                                        "watermark",
                                        "[\"shop-eu-failback\"]",
                                        "{\"after\":{\"domain\":\"shop-eu-failback\",\"marker\":\"m1\"},\"updated\":\"1.0000000000\"}")))
                .isEqualTo(new Event.TimestampedRow(new HybridTimestamp(1, 0), Meaning.WATERMARK, null, "m1"));
        assertThat(
                        decode(
                                message(
                                        "watermark",
                                        "[\"shop-us-failback\"]",
                                        "{\"after\":{\"domain\":\"shop-us-failback\",\"marker\":\"m1\"},\"updated\":\"1.0000000000\"}")))
                .isEqualTo(new Event.TimestampedRow(new HybridTimestamp(1, 0), Meaning.WATERMARK, null, null));
    }

    @Test
    void aColumnThatTheOtherSideLacksStopsTheApplierByName() {
        assertThatThrownBy(() -> decode(message(
                        "parent",
                        "[1]",
                        "{\"after\":{\"id\":1,\"email\":null,\"fax\":\"x\"},\"updated\":\"1.0000000000\"}")))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("column \"fax\" of public.parent at parent-0@5");
    }

    @Test
    void whatIsNoWrappedEnvelopeIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> decode(message("parent", "[1]", "{\"id\":1}")))
                .hasMessageContaining("parent-0@5")
                .hasMessageContaining("options updated and resolved");
        assertThatThrownBy(() -> decode(message("parent", "\"1\"", "{\"after\":null,\"updated\":\"1.0000000000\"}")))
                .hasMessageContaining("no JSON array");
        assertThatThrownBy(() -> decode(new Message("parent", new byte[] {'['}, null)))
                .hasMessageContaining("envelope=wrapped");
    }

    private static Message message(String topic, String key, String value) {
        return new Message(
                topic,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.registry.SchemaRegistry;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Every shape in which a changefeed may send a row says the same; what says less is refused. */
class ChangefeedShapesTest {
    private static final Table AVRO_TYPES = Samples.table(
            "avro_types",
            "id",
            "id:INTEGER,c_bool:BOOLEAN,c_i4:INTEGER,c_i8:INTEGER,c_f8:FLOAT8,c_dec:DECIMAL,c_str:TEXT,c_bytes:BYTES,"
                    + "c_uuid:UUID,c_date:DATE,c_time:TIME,c_ts:TIMESTAMP,c_tstz:TIMESTAMPTZ,c_interval:INTERVAL,c_json:JSONB,"
                    + "c_inet:INET,c_enum:ENUM,c_ia:INTEGER[],rowid:INTEGER-");
    private static final Table COMPOSITE =
            Samples.table("composite", "region,id,seq", "region:TEXT,id:UUID,seq:DECIMAL,v:TEXT");
    private static final Table PARENT = Samples.table("parent", "id", "id:INTEGER,email:TEXT");
    private static final Table CHILD =
            Samples.table("child", "id", "id:INTEGER,parent_id:INTEGER,note:TEXT,extra:INTEGER");
    private static final String HLC = "1795344032817067950.0000000007";

    private final Decoder decoder = decoder(Optional.of(recordedSchemas()), AVRO_TYPES, COMPOSITE, PARENT, CHILD);

    private static Decoder decoder(Optional<SchemaRegistry> registry, Table... all) {
        Map<String, TableName> topics = new HashMap<>();
        Map<TableName, CapturedTable> tables = new HashMap<>();
        for (Table table : all) {
            topics.put(table.name().name(), table.name());
            topics.put("shop.public." + table.name().name(), table.name());
            tables.put(table.name(), new CapturedTable(table, table));
        }
        return new AnyChangefeedDecoder("shop-eu-failback", topics, tables, registry);
    }

    private static SchemaRegistry recordedSchemas() {
        try (InputStream file =
                ChangefeedShapesTest.class.getResourceAsStream("/changefeed/changefeed-avro-schemas.json")) {
            JsonNode schemas = new ObjectMapper().readTree(file);
            return id ->
                    new Schema.Parser().parse(schemas.get(Integer.toString(id)).toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> recordedAvro() throws IOException {
        List<JsonNode> messages = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                ChangefeedShapesTest.class.getResourceAsStream("/changefeed/changefeed-avro.ndjson"),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                messages.add(new ObjectMapper().readTree(line));
            }
        }
        return messages;
    }

    private static byte[] base64(JsonNode text) {
        return text == null || text.isNull() ? null : Base64.getDecoder().decode(text.textValue());
    }

    private Event decode(String topic, String key, String value) {
        return decode(topic, key == null ? null : utf8(key), utf8(value));
    }

    private Event decode(String topic, byte[] key, byte[] value) {
        return decoder.decode(new Origin(new TopicPartition(topic, 0), 3), key, value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Change change(Event event) {
        return ((Event.TimestampedRow) event).change();
    }

    private List<Event> avroEvents(String topic) throws IOException {
        List<Event> events = new ArrayList<>();
        for (JsonNode message : recordedAvro()) {
            if (topic.equals(message.get("topic").textValue())) {
                events.add(decode(topic, base64(message.get("key_base64")), base64(message.get("value_base64"))));
            }
        }
        return events;
    }

    @Test
    void everyRecordedAvroValueIsWhatJsonWouldHaveSaid() throws IOException {
        Map<String, String> row = Samples.after(change(avroEvents("avro_types").get(0)));

        assertThat(row)
                .containsEntry("id", "1")
                .containsEntry("c_bool", "true")
                .containsEntry("c_i4", "2147483647")
                .containsEntry("c_i8", "7")
                .containsEntry("c_f8", "0.1")
                .containsEntry("c_dec", "12345678901234.123456")
                .containsEntry("c_str", "avro upd")
                .containsEntry("c_bytes", "\\x00ff10616263")
                .containsEntry("c_uuid", "63616665-6630-3064-6465-616462656566")
                .containsEntry("c_date", "2024-02-29")
                .containsEntry("c_time", "23:59:59.999999")
                .containsEntry("c_ts", "1999-12-31 23:59:59.999999")
                .containsEntry("c_tstz", "2024-06-30 03:00:00.123456+00")
                .containsEntry("c_interval", "P1Y2M3DT4H5M6.789S")
                .containsEntry("c_json", "{\"a\":[1,2.50,null,\"x\"],\"b\":{\"c\":true}}")
                .containsEntry("c_inet", "192.168.0.1/16")
                .containsEntry("c_enum", "happy")
                .containsEntry("c_ia", "{\"1\",NULL,\"3\"}");
    }

    @Test
    void everyRecordedAvroMessageIsUnderstood() throws IOException {
        List<Event> events = new ArrayList<>();
        for (JsonNode message : recordedAvro()) {
            String topic = message.get("topic").isNull()
                    ? "parent"
                    : message.get("topic").textValue();
            events.add(decode(topic, base64(message.get("key_base64")), base64(message.get("value_base64"))));
        }
        assertThat(events).hasAtLeastOneElementOfType(Event.Resolved.class);
        assertThat(events)
                .hasAtLeastOneElementOfType(Event.TimestampedRow.class)
                .doesNotContain(Event.NOTHING);
        assertThat(events)
                .filteredOn(Event.TimestampedRow.class::isInstance)
                .allSatisfy(event -> assertThat(change(event).operation()).isIn(Operation.UPSERT, Operation.DELETE));
    }

    @Test
    void theAvroKeyHasTheSameTextAsTheJsonKey() throws IOException {
        assertThat(avroEvents("composite"))
                .extracting(event -> change(event).key().values())
                .contains(
                        List.of("eu", "63616665-6630-3064-6465-616462656566", "1.50"),
                        List.of("us/east\"q", "63616665-6630-3064-6465-616462656567", "-0.01"));
    }

    @Test
    void anAvroRowWithoutBeforeIsAnInsert() throws IOException {
        Change inserted = change(avroEvents("composite").get(0));
        assertThat(inserted.before().isNone()).isTrue();
    }

    @Test
    void avroWithoutARegistryIsRefusedWithTheSettingToSet() throws IOException {
        Decoder without = decoder(Optional.empty(), PARENT);
        byte[] value = base64(recordedAvro().get(0).get("value_base64"));

        assertThatThrownBy(() -> without.decode(new Origin(new TopicPartition("parent", 0), 9), null, value))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("parent")
                .hasMessageContaining("schema.registry.url");
    }

    @Test
    void anAvroMessageThatIsCutShortStopsWithItsPlaceAndSchema() throws IOException {
        byte[] value = base64(recordedAvro().get(0).get("value_base64"));
        byte[] cut = java.util.Arrays.copyOf(value, value.length - 9);

        assertThatThrownBy(
                        () -> decode("composite", base64(recordedAvro().get(0).get("key_base64")), cut))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("composite")
                .hasMessageContaining("schema 2");
    }

    @Test
    void bitStringsNullDocumentsAndOddNamesComeThroughAvro() {
        Table odd = Samples.table("odd", "Key Col", "Key Col:TEXT,bits:VARBIT,doc:JSONB,docs:JSONB[],_u0041_:TEXT");
        Schema row = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"odd\",\"fields\":["
                                + "{\"name\":\"Key_u0020_Col\",\"type\":[\"null\",\"string\"]},"
                                + "{\"name\":\"bits\",\"type\":[\"null\",{\"type\":\"array\",\"items\":\"long\"}]},"
                                + "{\"name\":\"doc\",\"type\":[\"null\",\"string\"]},"
                                + "{\"name\":\"docs\",\"type\":[\"null\",{\"type\":\"array\",\"items\":[\"null\",\"string\"]}]},"
                                + "{\"name\":\"_u005f__u0075__u0030__u0030__u0034__u0031__u005f_\",\"type\":[\"null\",\"string\"]}]}");
        Schema envelope = Schema.createRecord(
                "odd_envelope",
                null,
                null,
                false,
                List.of(
                        new Schema.Field("after", Schema.createUnion(Schema.create(Schema.Type.NULL), row)),
                        new Schema.Field("updated", Schema.create(Schema.Type.STRING))));
        Schema key = Schema.createRecord(
                "k", null, null, false, List.of(new Schema.Field("Key_u0020_Col", Schema.create(Schema.Type.STRING))));
        GenericData.Record after = new GenericData.Record(row);
        after.put(0, "k 1");
        // 66 bits: one full word and two of the next, 1 first and 1 last
        after.put(1, List.of(2L, Long.MIN_VALUE, 1L << 62));
        after.put(2, "null");
        after.put(3, java.util.Arrays.asList("{\"a\": 1.0}", null, "null"));
        after.put(4, "looks like an escape");
        GenericData.Record value = new GenericData.Record(envelope);
        value.put("after", after);
        value.put("updated", HLC);
        GenericData.Record rowKey = new GenericData.Record(key);
        rowKey.put(0, "k 1");
        Decoder reading = decoder(Optional.of(id -> id == 1 ? key : envelope), odd);

        Change change = change(reading.decode(
                new Origin(new TopicPartition("odd", 0), 1), AvroBytes.of(1, rowKey), AvroBytes.of(2, value)));

        assertThat(change.key().values()).containsExactly("k 1");
        assertThat(Samples.after(change))
                .containsEntry("bits", "1" + "0".repeat(64) + "1")
                .containsEntry("doc", "null")
                .containsEntry("docs", "{\"{\\\"a\\\":1.0}\",NULL,\"null\"}")
                .containsEntry("_u0041_", "looks like an escape");
    }

    @Test
    void aTimestampThatOverflowsInAvroIsRefusedInsteadOfWritten() {
        Schema type = org.apache.avro.LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));

        assertThat(AvroJson.value(type, -210866803200000000L)).isEqualTo(new Json.Text("4714-11-24 00:00 BC"));
        assertThatThrownBy(() -> AvroJson.value(type, -9222426057709551617L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format=json");
    }

    @Test
    void theEnrichedEnvelopeSaysTheSameAsTheWrappedOne() {
        String after = "\"after\":{\"id\":1,\"email\":\"b@x\"},\"before\":{\"id\":1,\"email\":\"a@x\"}";
        Event wrapped = decode("parent", "[1]", "{" + after + ",\"updated\":\"" + HLC + "\"}");
        Event enriched = decode("parent", "{\"id\": 1}", enriched(after, "u"));
        Event withSchema = decode(
                "parent",
                "{\"payload\":{\"id\":1},\"schema\":{\"type\":\"struct\"}}",
                "{\"payload\":" + enriched(after, "u") + ",\"schema\":{\"type\":\"struct\",\"fields\":[]}}");

        for (Event event : List.of(wrapped, enriched, withSchema)) {
            Event.TimestampedRow row = (Event.TimestampedRow) event;
            assertThat(row.updated()).isEqualTo(HybridTimestamp.parse(HLC));
            assertThat(row.change().key().values()).containsExactly("1");
            assertThat(row.change().before().value("email")).isEqualTo("a@x");
            assertThat(row.change().after().value("email")).isEqualTo("b@x");
        }
    }

    private static String enriched(String images, String operation) {
        return "{" + images + ",\"op\":\"" + operation
                + "\",\"ts_ns\":99,\"source\":{\"table_name\":\"parent\",\"ts_ns\":1795344032817067950,\"ts_hlc\":\""
                + HLC
                + "\",\"origin\":\"cockroachdb\",\"primary_keys\":[\"id\"]}}";
    }

    @Test
    void anEnrichedDeleteAndInsertAreTold() {
        Change delete = change(
                decode("parent", "{\"id\":1}", enriched("\"after\":null,\"before\":{\"id\":1,\"email\":\"a\"}", "d")));
        Change insert = change(
                decode("parent", "{\"id\":1}", enriched("\"after\":{\"id\":1,\"email\":null},\"before\":null", "c")));

        assertThat(delete.operation()).isEqualTo(Operation.DELETE);
        assertThat(insert.operation()).isEqualTo(Operation.UPSERT);
        assertThat(insert.before().isNone()).isTrue();
    }

    @Test
    void anEnrichedRowWithoutTheTimeOfItsCommitIsRefused() {
        String withoutSource = "{\"after\":{\"id\":1,\"email\":\"a\"},\"op\":\"c\",\"ts_ns\":1795344032817067950}";
        String withoutUpdated =
                "{\"after\":{\"id\":1,\"email\":\"a\"},\"op\":\"c\",\"ts_ns\":1,\"source\":{\"table_name\":\"parent\"}}";

        for (String value : List.of(withoutSource, withoutUpdated)) {
            assertThatThrownBy(() -> decode("parent", "{\"id\":1}", value))
                    .isInstanceOf(ApplyException.class)
                    .hasMessageContaining("parent")
                    .hasMessageContaining("enriched_properties='source'");
        }
    }

    @Test
    void resolvedIsUnderstoodInEveryEnvelope() {
        Event expected = new Event.Resolved(HybridTimestamp.parse(HLC));

        assertThat(decode("parent", null, "{\"resolved\":\"" + HLC + "\"}")).isEqualTo(expected);
        assertThat(decode(
                        "parent",
                        null,
                        "{\"payload\":{\"resolved\":\"" + HLC + "\"},\"schema\":{\"type\":\"struct\"}}"))
                .isEqualTo(expected);
    }

    @Test
    void whatOptionsAddToTheWrappedEnvelopeChangesNothing() {
        Change change = change(decode(
                "shop.public.parent",
                "[1]",
                "{\"after\":{\"id\":1,\"email\":\"a\"},\"key\":[1],\"topic\":\"shop.public.parent\",\"updated\":\""
                        + HLC + "\",\"mvcc_timestamp\":\"5.0000000000\"}"));

        assertThat(Samples.after(change)).containsEntry("email", "a");
        assertThat(change.before()).isNull();
    }

    @Test
    void columnFamiliesAreRefusedWithTheReason() {
        assertThatThrownBy(() ->
                        decode("parent.fam_email", "[1]", "{\"after\":{\"email\":\"a\"},\"updated\":\"" + HLC + "\"}"))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("column family \"fam_email\"")
                .hasMessageContaining("one family");
    }

    @Test
    void envelopesWithoutARowAreRefused() {
        assertThatThrownBy(() -> decode("parent", "[1]", "{\"id\":1,\"updated\":\"" + HLC + "\"}"))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("envelope=wrapped");
    }
}

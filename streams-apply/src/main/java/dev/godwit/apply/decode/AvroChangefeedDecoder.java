package dev.godwit.apply.decode;

import dev.godwit.apply.change.Origin;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/**
 * Avro messages of a changefeed ({@code format=avro}), turned into the JSON of the same envelope and read as that. What
 * Avro says of a column is less than what its table says: JSONB and INTERVAL are plain strings, both kinds of timestamp are
 * one, a bit string is an array of numbers. So each value is read by the column's type in the catalog.
 *
 * <p>The {@code __crdb__} attribute of the schemas is for people and is not used. Not thread-safe.
 */
final class AvroChangefeedDecoder implements Decoder {
    private final AvroMessages messages;
    private final Map<String, TableName> tablesByTopic;
    private final Map<TableName, CapturedTable> tables;
    private final Decoder json;
    private final Map<TableName, Map<String, ColumnType>> types = new HashMap<>();

    AvroChangefeedDecoder(
            AvroMessages messages,
            Map<String, TableName> tablesByTopic,
            Map<TableName, CapturedTable> tables,
            Decoder json) {
        this.messages = messages;
        this.tablesByTopic = Map.copyOf(tablesByTopic);
        this.tables = Map.copyOf(tables);
        this.json = json;
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        GenericRecord envelope = messages.read(origin, value);
        if (key == null) {
            return json.decode(origin, null, bytes(AvroJson.record(envelope)));
        }
        Map<String, ColumnType> columns = columns(origin);
        Map<String, Json> members = new LinkedHashMap<>();
        AvroJson.record(envelope).members().forEach((name, member) -> members.put(name, image(columns, name, member)));
        Json.Members rowKey = row(columns, AvroJson.record(messages.read(origin, key)));
        // The enriched envelope has its key by name, the wrapped one by place; the fields are in the key's order.
        Json sentKey = members.containsKey("op")
                ? rowKey
                : new Json.Array(List.copyOf(rowKey.members().values()));
        return json.decode(origin, bytes(sentKey), bytes(new Json.Members(members)));
    }

    private Map<String, ColumnType> columns(Origin origin) {
        TableName name = tablesByTopic.get(origin.partition().topic());
        CapturedTable table = name == null ? null : tables.get(name);
        return table == null
                ? Map.of()
                : types.computeIfAbsent(name, unknown -> table.sourceTable().columns().stream()
                        .collect(java.util.stream.Collectors.toMap(Column::name, Column::type)));
    }

    private static Json image(Map<String, ColumnType> columns, String name, Json member) {
        boolean isRow = (name.equals("after") || name.equals("before")) && member instanceof Json.Members;
        return isRow ? row(columns, (Json.Members) member) : member;
    }

    private static Json.Members row(Map<String, ColumnType> columns, Json.Members row) {
        Map<String, Json> members = new LinkedHashMap<>();
        row.members().forEach((field, value) -> {
            String column = AvroNames.column(field);
            members.put(column, columns.containsKey(column) ? value(columns.get(column), value) : value);
        });
        return new Json.Members(members);
    }

    private static Json value(ColumnType type, Json value) {
        if (value instanceof Json.Null) {
            return value;
        }
        return switch (type.kind()) {
            case JSON, JSONB -> document(value);
            case BIT, VARBIT -> value instanceof Json.Array words ? AvroBits.text(words) : value;
            case TIMESTAMPTZ -> value instanceof Json.Text time ? withZone(time) : value;
            case ARRAY -> array(type.element(), value);
            default -> value;
        };
    }

    private static Json array(ColumnType element, Json value) {
        if (!(value instanceof Json.Array array)) {
            return value;
        }
        List<Json> elements = new ArrayList<>(array.elements().size());
        array.elements().forEach(each -> elements.add(value(element, each)));
        return new Json.Array(elements);
    }

    /** A document travels as its text, in which a JSON null is told from SQL NULL. */
    private static Json document(Json value) {
        if (!(value instanceof Json.Text text)) {
            return value;
        }
        try {
            Json parsed = Json.parse(text.value().getBytes(StandardCharsets.UTF_8));
            return parsed instanceof Json.Null ? ChangefeedValues.JSON_NULL : parsed;
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("a JSON document that is no JSON: " + e.getMessage(), e);
        }
    }

    private static Json withZone(Json.Text time) {
        boolean beforeChrist = time.value().endsWith(" BC");
        String bare = beforeChrist ? time.value().substring(0, time.value().length() - 3) : time.value();
        return new Json.Text(bare + "+00" + (beforeChrist ? " BC" : ""));
    }

    private static byte[] bytes(Json json) {
        return Json.render(json).getBytes(StandardCharsets.UTF_8);
    }
}

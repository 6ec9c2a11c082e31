package dev.godwit.apply.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Layout;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recorded messages, and tables made from one line of text. */
final class Samples {
    /** One recorded message; topic and key may be null. */
    static final class Message {
        private final String topic;
        private final byte[] key;
        private final byte[] value;

        Message(String topic, byte[] key, byte[] value) {
            this.topic = topic;
            this.key = key;
            this.value = value;
        }

        String topic() {
            return topic;
        }

        byte[] key() {
            return key;
        }

        byte[] value() {
            return value;
        }
    }

    private Samples() {}

    static List<Message> read(String resource) {
        ObjectMapper json = new ObjectMapper();
        List<Message> messages = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Samples.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode message = json.readTree(line);
                messages.add(new Message(
                        message.get("topic").textValue(), bytes(message.get("key")), bytes(message.get("value"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }

    private static byte[] bytes(JsonNode text) {
        return text == null || text.isNull() ? null : text.textValue().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param columns {@code name:KIND,...}; {@code name:KIND[]} is an array, {@code name:KIND=} a computed column,
     *     {@code name:KIND-} a hidden one
     */
    static Table table(String name, String key, String columns) {
        List<Column> made = new ArrayList<>();
        for (String column : columns.split(",")) {
            String[] parts = column.split(":");
            String kind = parts[1].replaceAll("[^A-Z0-9]", "");
            ColumnType scalar = new ColumnType(TypeKind.valueOf(kind), kind, kind, -1, null);
            made.add(new Column(
                    parts[0],
                    parts[1].endsWith("[]")
                            ? new ColumnType(TypeKind.ARRAY, kind + "[]", kind + "[]", -1, scalar)
                            : scalar,
                    true,
                    parts[1].endsWith("=") ? Generation.COMPUTED : Generation.NONE,
                    parts[1].endsWith("-")));
        }
        return new Table(
                new TableName("public", name), made, List.of(key.split(",")), List.of(), ReplicaIdentity.DEFAULT);
    }

    /** The new row as column name to text. */
    static Map<String, String> after(Change change) {
        Layout layout = new Layout(change.table());
        Map<String, String> row = new LinkedHashMap<>();
        for (Column column : change.table().columns()) {
            if (change.after().isSent(column.name())) {
                row.put(column.name(), change.after().value(layout.index(column.name())));
            }
        }
        return row;
    }
}

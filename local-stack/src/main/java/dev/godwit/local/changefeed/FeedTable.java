package dev.godwit.local.changefeed;

import dev.godwit.database.catalog.TableName;
import dev.godwit.local.changefeed.LogMessage.TupleValue;
import dev.godwit.local.changefeed.ValueFormat.FeedType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A watched table as it is at one place of the log: turns its rows into the JSON of keys and values. */
final class FeedTable {
    private final TableName name;
    private final String topic;
    private final List<String> columns;
    private final List<FeedType> types;
    private final List<Integer> keyIndexes;
    private final List<Integer> sortedIndexes;

    FeedTable(TableName name, String topic, List<String> columns, List<FeedType> types, List<String> primaryKey) {
        this.name = name;
        this.topic = topic;
        this.columns = List.copyOf(columns);
        this.types = List.copyOf(types);
        this.keyIndexes = primaryKey.stream().map(columns::indexOf).toList();
        if (keyIndexes.isEmpty() || keyIndexes.contains(-1)) {
            throw new FeedFailedException("table " + name + " has no primary key that is in the log");
        }
        List<Integer> indexes = new ArrayList<>();
        for (int index = 0; index < columns.size(); index++) {
            indexes.add(index);
        }
        // CockroachDB sorts the members of an object by their bytes.
        indexes.sort((left, right) -> Arrays.compareUnsigned(bytes(columns.get(left)), bytes(columns.get(right))));
        this.sortedIndexes = List.copyOf(indexes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    TableName name() {
        return name;
    }

    String topic() {
        return topic;
    }

    /** {@code [1, "a"]} */
    String key(List<TupleValue> row) {
        StringBuilder out = new StringBuilder("[");
        for (int index : keyIndexes) {
            ValueJson.append(
                    out.append(out.length() == 1 ? "" : ", "),
                    types.get(index),
                    row.get(index).text());
        }
        return out.append(']').toString();
    }

    /** {@code {"a": 1, "b": "x"}} */
    String object(List<TupleValue> row) {
        StringBuilder out = new StringBuilder("{");
        for (int index : sortedIndexes) {
            JsonText.string(out.append(out.length() == 1 ? "" : ", "), columns.get(index));
            ValueJson.append(out.append(": "), types.get(index), row.get(index).text());
        }
        return out.append('}').toString();
    }

    /** The new row of an update, with the values that the log leaves out because they did not change taken from the old row. */
    List<TupleValue> complete(List<TupleValue> before, List<TupleValue> after) {
        List<TupleValue> whole = new ArrayList<>(after);
        for (int index = 0; index < whole.size(); index++) {
            if (whole.get(index).unchanged()) {
                whole.set(index, before.get(index));
            }
        }
        return whole;
    }
}

package dev.godwit.apply.change;

import dev.godwit.database.catalog.Table;
import java.util.HashMap;
import java.util.Map;

/** A table of the replication target with its column numbers looked up once: rows are arrays in this order. */
public final class Layout {
    private final Table table;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final int[] keyIndexes;
    private final boolean[] writable;
    private int writableColumns;

    public Layout(Table table) {
        this.table = table;
        this.writable = new boolean[table.columns().size()];
        for (int i = 0; i < writable.length; i++) {
            indexes.put(table.columns().get(i).name(), i);
            writable[i] = table.columns().get(i).isWritable();
            writableColumns += writable[i] ? 1 : 0;
        }
        this.keyIndexes = table.primaryKey().stream().mapToInt(indexes::get).toArray();
    }

    public Table table() {
        return table;
    }

    /** The place of a column; -1 if the table has no such column. */
    public int index(String columnName) {
        return indexes.getOrDefault(columnName, -1);
    }

    int columns() {
        return writable.length;
    }

    int writableColumns() {
        return writableColumns;
    }

    boolean isWritable(int index) {
        return writable[index];
    }

    /** The primary key of the row, which must have been sent. */
    Key key(Row row) {
        String[] values = new String[keyIndexes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.value(keyIndexes[i]);
        }
        return new Key(values);
    }
}

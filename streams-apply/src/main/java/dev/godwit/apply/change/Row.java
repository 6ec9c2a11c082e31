package dev.godwit.apply.change;

import dev.godwit.database.catalog.Column;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The values of one row, in the order of its table's columns, as the database's own text. A value is SQL NULL
 * ({@code null}) or was not sent at all, which is something else: then the column keeps what it has. A column that was
 * added to the table after the row had been written is <em>younger</em> than the row: it keeps what it has, too, and where
 * the row is new, it gets the column's default, as the source gave it to the rows that were there. Not changed after it
 * has been published.
 */
public final class Row {
    /** What a value takes beside its characters: a string, its array, a reference. */
    static final int VALUE_BYTES = 56;

    private final Layout layout;
    private final String[] values;
    private final BitSet sent;
    /** Null if there are none. */
    private BitSet younger;

    public Row(Layout layout) {
        this.layout = layout;
        this.values = new String[layout.table().columns().size()];
        this.sent = new BitSet(values.length);
    }

    private Row(Layout layout, String[] values, BitSet sent, BitSet younger) {
        this.layout = layout;
        this.values = values;
        this.sent = sent;
        this.younger = younger == null || younger.isEmpty() ? null : younger;
    }

    /** What stands for an old row where the source says that there was none. */
    public static Row none(Layout layout) {
        return new Row(layout, new String[0], new BitSet(), null);
    }

    /** Whether this stands for no row at all. */
    public boolean isNone() {
        return values.length == 0;
    }

    /** A row of the same table of which nothing is sent yet. */
    public Row ofSameTable() {
        return new Row(layout);
    }

    public void set(int columnIndex, String value) {
        values[columnIndex] = value;
        sent.set(columnIndex);
    }

    /** The table did not have this column when the row was written. */
    public void setYounger(int columnIndex) {
        if (younger == null) {
            younger = new BitSet(values.length);
        }
        younger.set(columnIndex);
    }

    /** Whether there is a column that the table did not have when the row was written. */
    public boolean hasYounger() {
        return younger != null;
    }

    public boolean isYounger(int columnIndex) {
        return younger != null && younger.get(columnIndex);
    }

    public String value(int columnIndex) {
        return values[columnIndex];
    }

    public boolean isSent(int columnIndex) {
        return sent.get(columnIndex);
    }

    /** The value of a column by name. */
    public String value(String columnName) {
        return values[layout.index(columnName)];
    }

    public boolean isSent(String columnName) {
        return sent.get(layout.index(columnName));
    }

    /** The columns that were sent and may be written. */
    public List<Column> writableColumns() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (sent.get(i) && layout.table().columns().get(i).isWritable()) {
                columns.add(layout.table().columns().get(i));
            }
        }
        return columns;
    }

    /** Whether some column that would be written, and that the table had then, was not sent. */
    public boolean isPartial() {
        for (int i = 0; i < values.length; i++) {
            if (!sent.get(i) && !isYounger(i) && layout.table().columns().get(i).isWritable()) {
                return true;
            }
        }
        return false;
    }

    /** The length of all values together. */
    public long characters() {
        long characters = 0;
        for (String value : values) {
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }

    /** About how many bytes of memory this takes. */
    long bytes() {
        long bytes = 100;
        for (String value : values) {
            bytes += value == null ? 8 : VALUE_BYTES + value.length();
        }
        return bytes;
    }

    /** This row, with what it lacks taken from an older image of the same row. */
    public Row over(Row older) {
        String[] merged = older.values.clone();
        BitSet mergedSent = (BitSet) older.sent.clone();
        for (int i = sent.nextSetBit(0); i >= 0; i = sent.nextSetBit(i + 1)) {
            merged[i] = values[i];
            mergedSent.set(i);
        }
        return new Row(layout, merged, mergedSent, youngerThanBoth(older));
    }

    private BitSet youngerThanBoth(Row older) {
        if (younger == null || older.younger == null) {
            return null;
        }
        BitSet both = (BitSet) younger.clone();
        both.and(older.younger);
        return both;
    }

    /** The primary key, all of whose columns must have been sent. */
    public Key key() {
        return layout.key(this);
    }
}

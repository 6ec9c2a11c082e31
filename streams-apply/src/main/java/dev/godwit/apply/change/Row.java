package dev.godwit.apply.change;

import dev.godwit.database.catalog.Column;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final int REFERENCE_BYTES = 8;

    // Strings that are no value of anybody, and no constants: told apart by identity.
    private static final String UNSENT = String.valueOf(new char[] {'-'});
    private static final String YOUNGER = String.valueOf(new char[] {'+'});

    private final Layout layout;
    private final String[] values;
    /** How many columns that would be written, and that the table had then, are not sent. */
    private int lacking;
    /** How many columns are younger than the row. */
    private int younger;
    /** How many values there are, NULL not counted, */
    private int present;
    /** and their length. */
    private long characters;

    public Row(Layout layout) {
        this.layout = layout;
        this.values = new String[layout.columns()];
        this.lacking = layout.writableColumns();
        Arrays.fill(values, UNSENT);
    }

    private Row(Layout layout, String[] none) {
        this.layout = layout;
        this.values = none;
    }

    /** What stands for an old row where the source says that there was none. */
    public static Row none(Layout layout) {
        return new Row(layout, new String[0]);
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
        count(columnIndex, -1);
        values[columnIndex] = value;
        count(columnIndex, 1);
    }

    /** The table did not have this column when the row was written. */
    public void setYounger(int columnIndex) {
        set(columnIndex, YOUNGER);
    }

    /** @param by 1 for what stands there now, -1 for what goes */
    @SuppressWarnings("ReferenceEquality") // see UNSENT
    private void count(int columnIndex, int by) {
        String value = values[columnIndex];
        if (value == UNSENT) {
            lacking += layout.isWritable(columnIndex) ? by : 0;
        } else if (value == YOUNGER) {
            younger += by;
        } else if (value != null) {
            present += by;
            characters += by * (long) value.length();
        }
    }

    /** Whether there is a column that the table did not have when the row was written. */
    public boolean hasYounger() {
        return younger > 0;
    }

    @SuppressWarnings("ReferenceEquality") // see UNSENT
    public boolean isYounger(int columnIndex) {
        return columnIndex < values.length && values[columnIndex] == YOUNGER;
    }

    public String value(int columnIndex) {
        return isSent(columnIndex) ? values[columnIndex] : null;
    }

    @SuppressWarnings("ReferenceEquality") // see UNSENT
    public boolean isSent(int columnIndex) {
        if (columnIndex >= values.length) {
            return false;
        }
        String value = values[columnIndex];
        return value != UNSENT && value != YOUNGER;
    }

    /** The value of a column by name. */
    public String value(String columnName) {
        return value(layout.index(columnName));
    }

    public boolean isSent(String columnName) {
        return isSent(layout.index(columnName));
    }

    /** The columns that were sent and may be written. */
    public List<Column> writableColumns() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (isSent(i) && layout.isWritable(i)) {
                columns.add(layout.table().columns().get(i));
            }
        }
        return columns;
    }

    /** Whether some column that would be written, and that the table had then, was not sent. */
    public boolean isPartial() {
        return lacking > 0;
    }

    /** The length of all values together. */
    public long characters() {
        return characters;
    }

    /** About how many bytes of memory this takes. */
    long bytes() {
        return 100
                + (long) REFERENCE_BYTES * values.length
                + (VALUE_BYTES - REFERENCE_BYTES) * (long) present
                + characters;
    }

    /** This row, with what it lacks taken from an older image of the same row. */
    public Row over(Row older) {
        Row merged = new Row(layout);
        for (int i = 0; i < values.length; i++) {
            if (isSent(i)) {
                merged.set(i, values[i]);
            } else if (older.isSent(i)) {
                merged.set(i, older.values[i]);
            } else if (isYounger(i) && older.isYounger(i)) {
                merged.setYounger(i);
            }
        }
        return merged;
    }

    /** The primary key, all of whose columns must have been sent. */
    public Key key() {
        return layout.key(this);
    }
}

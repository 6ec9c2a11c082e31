package dev.godwit.apply.conflict;

import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.util.List;
import java.util.Objects;

/** The columns of a key or foreign key in the rows of one table, and what they hold. */
final class KeyColumns {
    /** One of the columns was not sent. */
    static final long UNKNOWN = 0;
    /** One of the columns is NULL, so that nothing is constrained. */
    static final long NONE = 1;

    private static final long NULL = 0x2545f4914f6cdd1dL;

    private final int[] places;
    private final EqualText[] texts;
    private final boolean nullsCount;

    /** @param nullsCount whether NULL is a value like others, equal to itself */
    private KeyColumns(int[] places, EqualText[] texts, boolean nullsCount) {
        this.places = places;
        this.texts = texts;
        this.nullsCount = nullsCount;
    }

    /** @return null if equality of some column is not known exactly, or there are no columns */
    static KeyColumns of(Table table, List<String> columns, boolean nullsCount) {
        int[] places = new int[columns.size()];
        EqualText[] texts = new EqualText[places.length];
        for (int i = 0; i < places.length; i++) {
            Column column = table.requireColumn(columns.get(i));
            places[i] = table.columns().indexOf(column);
            texts[i] = EqualText.of(column.type()).orElse(null);
            // What the target computes itself need not be what was sent.
            if (texts[i] == null || !column.isWritable()) {
                return null;
            }
        }
        return places.length == 0 ? null : new KeyColumns(places, texts, nullsCount);
    }

    /** {@link #UNKNOWN}, {@link #NONE}, or a number that equal values share; other values hardly ever do. */
    long value(Row row, long seed) {
        long hash = seed;
        boolean none = false;
        for (int i = 0; i < places.length; i++) {
            if (!row.isSent(places[i])) {
                return UNKNOWN;
            }
            String text = row.value(places[i]);
            none |= text == null && !nullsCount;
            hash = text == null ? Hash.mix(hash ^ NULL) : Hash.of(hash, texts[i].of(text));
        }
        return none ? NONE : Hash.ofValue(hash);
    }

    /** @param order where in the key each of the columns stands */
    long value(Key key, int[] order, long seed) {
        long hash = seed;
        for (int i = 0; i < places.length; i++) {
            hash = Hash.of(hash, texts[i].of(key.value(order[i])));
        }
        return Hash.ofValue(hash);
    }

    /** Whether a row holds in these columns, letter by letter, what the older one holds. */
    boolean isSame(Row row, Row older) {
        for (int place : places) {
            if (!row.isSent(place) || !older.isSent(place) || !Objects.equals(row.value(place), older.value(place))) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing of them was sent: they are as before. */
    boolean isUnsent(Row row) {
        for (int place : places) {
            if (row.isSent(place)) {
                return false;
            }
        }
        return true;
    }
}

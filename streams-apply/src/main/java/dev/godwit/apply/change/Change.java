package dev.godwit.apply.change;

import dev.godwit.database.catalog.Table;

/**
 * One change of one row (or of a whole table, for TRUNCATE), whatever the source's format was.
 *
 * @param table the table on the replication target
 * @param key null for {@link Operation#TRUNCATE}
 * @param before the old row as far as the source sent it; {@link Row#none} where the source says that there was
 *     none; null where nothing is known of it
 * @param after the new row; null unless {@link Operation#UPSERT}
 * @param movedFrom the key that the row had before, where the source has changed the key of a row and sent only a
 *     part of it: what lacks stands under the old key; else null
 */
public record Change(Table table, Operation operation, Key key, Row before, Row after, Key movedFrom, Origin origin) {

    public Change(Table table, Operation operation, Key key, Row before, Row after, Origin origin) {
        this(table, operation, key, before, after, null, origin);
    }

    /** What happens to the row. */
    public enum Operation {
        /** Insert or update: afterwards the row is as {@code after} says. */
        UPSERT,
        DELETE,
        /** All rows of the table go. */
        TRUNCATE
    }

    public Change withOperation(Operation other) {
        boolean upsert = other == Operation.UPSERT;
        return new Change(table, other, key, before, upsert ? after : null, upsert ? movedFrom : null, origin);
    }

    /** The same change with another new row, of which nothing has to be looked up any more if it is whole. */
    public Change withAfter(Row row, Key from) {
        return new Change(table, operation, key, before, row, row.isPartial() ? from : null, origin);
    }

    /** About how many bytes of memory this takes. */
    public long bytes() {
        return 150
                + (key == null ? 0 : key.bytes())
                + (before == null ? 0 : before.bytes())
                + (after == null ? 0 : after.bytes());
    }

    @Override
    public String toString() {
        return operation + " " + table + (key == null ? "" : " key " + key) + " at " + origin;
    }
}

package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.database.catalog.TableName;
import java.util.Optional;

/**
 * A message does not fit the columns that the catalogs had when they were read. Whoever reads them again may find that
 * they have changed, and go on; if they have not, this is why the applier stops.
 */
public final class SchemaChangedException extends ApplyException {
    private static final long serialVersionUID = 1L;

    private final transient TableName table;
    private final String column;
    private final transient Origin origin;
    private final Mismatch mismatch;
    private transient Event row;

    /** In what the message does not fit. */
    public enum Mismatch {
        /** It has a column that one of the sides did not have. */
        UNKNOWN_COLUMN,
        /** It lacks a column that the source had before the message was written. */
        MISSING_COLUMN,
        /** It has a value that the column's type does not allow. */
        OTHER_TYPE
    }

    public SchemaChangedException(Mismatch mismatch, TableName table, String column, Origin origin, String why) {
        super("column \"" + column + "\" of " + table + " at " + origin + " " + why);
        this.mismatch = mismatch;
        this.table = table;
        this.column = column;
        this.origin = origin;
    }

    /** Adds what could be read of the message: an event that lacks nothing but its change. */
    public SchemaChangedException of(Event rowWithoutChange) {
        row = rowWithoutChange;
        return this;
    }

    /**
     * What could be read of the message, for who knows whether it was applied before: then it does not matter that it does not
     * fit any more. Empty if nothing could.
     */
    public Optional<Event> row() {
        return Optional.ofNullable(row);
    }

    public Mismatch mismatch() {
        return mismatch;
    }

    public TableName table() {
        return table;
    }

    public String column() {
        return column;
    }

    /** The record that does not fit. */
    public Origin origin() {
        return origin;
    }
}

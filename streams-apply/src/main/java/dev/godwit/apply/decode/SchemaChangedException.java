package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.database.catalog.TableName;

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

    /** In what the message does not fit. */
    public enum Mismatch {
        /** It has a column that one of the sides did not have. */
        UNKNOWN_COLUMN,
        /** It lacks a column that the source had before the message was written. */
        MISSING_COLUMN,
        /** It has a value that the column's type does not allow. */
        OTHER_TYPE
    }

    SchemaChangedException(Mismatch mismatch, TableName table, String column, Origin origin, String why) {
        super("column \"" + column + "\" of " + table + " at " + origin + " " + why);
        this.mismatch = mismatch;
        this.table = table;
        this.column = column;
        this.origin = origin;
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

package dev.godwit.verify;

import java.sql.SQLException;

/** Where the rows of one side come from, one at a time. */
interface RowSource extends AutoCloseable {
    /** Goes on to the next row; at first to the first. */
    boolean next() throws SQLException;

    /**
     * The row in a form that is the same for the same values, on whichever side; the caller may keep it, and must not change it. Null if this source has none:
     * then {@link #values} is the way to read the row, before going on.
     */
    byte[] bytes();

    /**
     * The values of a row as text, null for SQL NULL.
     *
     * @param ofRow what {@link #bytes()} has returned for it
     */
    String[] values(byte[] ofRow) throws SQLException;

    @Override
    void close() throws SQLException;
}

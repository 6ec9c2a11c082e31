package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Tells what rows hold now, and what they would hold, in a form in which two values are equal if a unique key takes them for equal. */
public interface RowImages {

    /**
     * One row.
     *
     * @param exists whether there is a row of that key
     * @param before one for each column; null for SQL NULL, and where there is no row
     * @param after the same form of the values that were given
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; a List would have to hold nulls
    record Image(boolean exists, String[] before, String[] after) {}

    /**
     * Reads inside the transaction of the connection.
     *
     * @param keys one for each row, in key order
     * @param values one for each row, in the order of {@code columns}
     * @return one for each row, in the same order
     */
    List<Image> read(
            Connection connection, Table table, List<String[]> keys, List<Column> columns, List<String[]> values)
            throws SQLException;
}

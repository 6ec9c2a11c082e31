package dev.godwit.database.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One kind of multi-row write into one table: an upsert, update or delete with a fixed list of columns.
 *
 * <p>Immutable and free of any connection, so it may be cached and shared.
 */
public interface RowWrite {

    /**
     * Writes all rows, with as few statements as the product's limits allow, in the transaction of the connection. Does not commit.
     *
     * @param rows per row one value for each column of this write, in its order; each value is the column type's input text, or
     *     null for SQL NULL. No key may occur twice.
     * @return how many rows of the table were hit
     */
    int execute(Connection connection, List<String[]> rows) throws SQLException;
}

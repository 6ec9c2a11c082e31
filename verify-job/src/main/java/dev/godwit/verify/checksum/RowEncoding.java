package dev.godwit.verify.checksum;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import java.util.List;

/**
 * How a database turns a row into bytes before it hashes them. The rule that everything rests on: bytes that are equal on both sides mean
 * values that are equal by {@link dev.godwit.verify.value.ValueRule}, column by column, NULL being equal only to NULL. The reverse need not
 * hold: equal values in two forms cost a look at the rows, no more. Implementations are immutable and thread-safe.
 */
public interface RowEncoding {
    /** Longer rows take part in the hash of many rows by their own hash, so that no group of rows needs much memory. */
    int ROW_BYTES_MAX = 1_024;

    /** The closest encoding that the two products share. */
    static RowEncoding between(Product source, Product target) {
        return source == Product.POSTGRESQL && target == Product.POSTGRESQL ? new BinaryEncoding() : new TextEncoding();
    }

    /** Whether columns of these types take part. Those that do not must be compared by fetching them. */
    boolean covers(ColumnType source, ColumnType target);

    /**
     * SQL for the bytes of the row {@code t}, never NULL. From the bytes of several rows, one behind the other, each row and each of its values
     * can be read back.
     *
     * @param columns covered ones, at least one, the same and in the same order on both sides
     */
    String row(SqlNames names, List<RowColumn> columns);

    /**
     * SQL that stands for a row where several are put one behind the other: its bytes, or its hash if they are more than
     * {@link #ROW_BYTES_MAX}; which of the two can be told from its beginning.
     *
     * @param row the name of a column with the result of {@link #row}
     */
    String capped(SqlNames names, String row);

    /** SQL for the SHA-256, in hexadecimal, of the bytes of one row or of several. */
    String hash(SqlNames names, String bytes);

    /** SQL for the same as a text of any form, which is only sent and compared. */
    default String digest(SqlNames names, String bytes) {
        return hash(names, bytes);
    }
}

package dev.godwit.verify.checksum;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;
import java.util.List;

/**
 * How a database turns a row into bytes before it hashes them. The rule that everything rests on: bytes that are equal on both sides mean
 * values that are equal by {@link dev.godwit.verify.value.ValueRule}, column by column, NULL being equal only to NULL. The reverse need not
 * hold: equal values in two forms cost a look at the rows, no more. Implementations are immutable and thread-safe.
 */
public interface RowEncoding {

    /** The closest encoding that the two products share. */
    static RowEncoding between(Product source, Product target) {
        return source == Product.POSTGRESQL && target == Product.POSTGRESQL ? new BinaryEncoding() : new TextEncoding();
    }

    /** Whether columns of these types take part. Those that do not must be compared by fetching them. */
    boolean covers(ColumnType source, ColumnType target);

    /**
     * SQL for the SHA-256 of the row {@code t} in hexadecimal.
     *
     * @param columns covered ones, at least one, the same and in the same order on both sides
     */
    String hash(SqlNames names, List<Column> columns);
}

package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.type.ColumnType;
import dev.godwit.verify.value.KeyOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one side in key order, one at a time.
 *
 * <p>It does not trust that order: a key that is not greater than the one before ends the comparison. So whatever a collation, a
 * broken index or a type with an order of its own may do, merging two streams never gives a false answer. The key of a row that equals the other
 * side's row is not looked at, nor are its values: whatever its place is, it is on both sides.
 */
final class RowStream implements AutoCloseable {
    private final Database database;
    private final TablePlan plan;
    private final StopSignal stop;
    private final KeyBounds range;
    private final Connection connection;
    private final RowSource rows;
    private boolean hasRow;
    private byte[] bytes;
    private String[] values;
    private RowKey key;
    private byte[] bytesBefore;
    private RowKey keyBefore;

    private RowStream(
            Database database,
            TablePlan plan,
            KeyBounds range,
            StopSignal stop,
            Connection connection,
            RowSource rows) {
        this.database = database;
        this.plan = plan;
        this.stop = stop;
        this.range = range;
        this.connection = connection;
        this.rows = rows;
    }

    /** @param range what every key must lie in; the caller keeps the connection, and reads nothing else from it until this is closed */
    static RowStream open(
            Database database,
            Connection connection,
            String sql,
            TablePlan plan,
            KeyBounds range,
            int rowBatchSize,
            StopSignal stop)
            throws SQLException {
        stop.watch(connection);
        int columns = plan.columns().size();
        RowSource rows =
                switch (database.product()) {
                    case POSTGRESQL -> new CopiedRows(connection, sql, columns);
                    case MYSQL -> new StreamedRows(database.dialect(), connection, sql, types(database, plan));
                    case COCKROACHDB, ORACLE -> new QueriedRows(connection, sql, columns, rowBatchSize);
                };
        return new RowStream(database, plan, range, stop, connection, rows);
    }

    private static List<ColumnType> types(Database database, TablePlan plan) {
        boolean ofSource = database.role().equals("source");
        return plan.columns().stream()
                .map(column -> (ofSource ? column.source() : column.target()).type())
                .toList();
    }

    /**
     * Goes on to the next row; at first to the first.
     *
     * @return false at the end; then there is no row
     */
    boolean advance() throws SQLException {
        bytesBefore = bytes;
        keyBefore = key;
        key = null;
        values = null;
        hasRow = rows.next();
        bytes = hasRow ? rows.bytes() : null;
        if (hasRow && bytes == null) {
            key(); // it cannot be read later
        }
        return hasRow;
    }

    boolean hasRow() {
        return hasRow;
    }

    /** Whether the two rows are known to be equal in all columns without reading their values. */
    boolean hasSameBytes(RowStream other) {
        return bytes != null && other.bytes != null && Arrays.equals(bytes, other.bytes);
    }

    /** @throws VerifyFailedException if the rows do not come in order */
    RowKey key() throws SQLException {
        if (key == null) {
            key = key(values());
            if (keyBefore == null && bytesBefore != null) {
                keyBefore = key(rows.values(bytesBefore));
            }
            if ((keyBefore != null && keyBefore.compareTo(key) >= 0) || !range.contains(key)) {
                throw new VerifyFailedException(
                        "the " + database.role() + " delivers " + plan.table()
                                + " out of key order, so its rows cannot be compared: "
                                + TextOutput.printable(keyValues().toString())
                                + " came after a key that is not smaller",
                        "rebuild the primary key's index (REINDEX) if it may be damaged; a key with NaN or in a database that is not UTF-8"
                                + " cannot be compared");
            }
        }
        return key;
    }

    private String[] values() throws SQLException {
        if (values == null) {
            values = rows.values(bytes);
        }
        return values;
    }

    private RowKey key(String[] ofRow) {
        List<Comparable<?>> parts = new ArrayList<>(plan.key().size());
        for (int i = 0; i < plan.key().size(); i++) {
            String text = ofRow[plan.key().get(i)];
            KeyOrder order = plan.keyOrder().get(i);
            try {
                parts.add(order.part(text));
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                throw new VerifyFailedException(
                        "the key value " + TextOutput.printable(text) + " of " + plan.table() + " on the "
                                + database.role() + " cannot be read",
                        "leave the table out with --table-filter, or the row with a row filter",
                        e);
            }
        }
        return new RowKey(parts);
    }

    /** The value of a column of the plan as text, null for SQL NULL. */
    String value(int column) throws SQLException {
        return values()[column];
    }

    Map<String, String> keyValues() throws SQLException {
        String[] read = values();
        Map<String, String> named = new LinkedHashMap<>();
        plan.key().forEach(column -> named.put(plan.columns().get(column).name(), read[column]));
        return named;
    }

    @Override
    public void close() throws SQLException {
        stop.forget(connection);
        rows.close();
    }
}

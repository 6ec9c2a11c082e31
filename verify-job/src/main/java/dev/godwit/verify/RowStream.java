package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.verify.value.KeyOrder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one side in key order, one at a time.
 *
 * <p>It does not trust that order: a key that is not greater than the one before ends the comparison. So whatever a collation, a
 * broken index or a type with an order of its own may do, merging two streams never gives a false answer.
 */
final class RowStream implements AutoCloseable {
    private final Database database;
    private final TablePlan plan;
    private final StopSignal stop;
    private final KeyBounds range;
    private final Statement statement;
    private final ResultSet rows;
    private final FetchSize fetchSize;
    private RowKey key;
    private String[] values;

    private RowStream(
            Database database,
            TablePlan plan,
            KeyBounds range,
            StopSignal stop,
            Statement statement,
            ResultSet rows,
            FetchSize fetchSize) {
        this.database = database;
        this.plan = plan;
        this.stop = stop;
        this.range = range;
        this.statement = statement;
        this.rows = rows;
        this.fetchSize = fetchSize;
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
        Statement statement = connection.createStatement();
        // Braces in the user's SQL are his.
        statement.setEscapeProcessing(false);
        stop.watch(statement);
        FetchSize fetchSize = new FetchSize(rowBatchSize);
        statement.setFetchSize(fetchSize.size());
        return new RowStream(database, plan, range, stop, statement, statement.executeQuery(sql), fetchSize);
    }

    /**
     * Goes on to the next row; at first to the first.
     *
     * @return false at the end; then there is no row
     * @throws VerifyFailedException if the rows do not come in order
     */
    boolean advance() throws SQLException {
        if (!rows.next()) {
            key = null;
            values = null;
            return false;
        }
        String[] read = new String[plan.columns().size()];
        long characters = 0;
        for (int i = 0; i < read.length; i++) {
            read[i] = rows.getString(i + 1);
            characters += read[i] == null ? 0 : read[i].length();
        }
        values = read;
        RowKey next = readKey();
        if ((key != null && key.compareTo(next) >= 0) || !range.contains(next)) {
            throw new VerifyFailedException(
                    "the " + database.role() + " delivers " + plan.table()
                            + " out of key order, so its rows cannot be compared: "
                            + TextOutput.printable(keyValues().toString())
                            + " came after a key that is not smaller",
                    "rebuild the primary key's index (REINDEX) if it may be damaged; a key with NaN or in a database that is not UTF-8"
                            + " cannot be compared");
        }
        key = next;
        if (fetchSize.rowRead(characters)) {
            rows.setFetchSize(fetchSize.size());
        }
        return true;
    }

    private RowKey readKey() {
        List<Comparable<?>> parts = new ArrayList<>(plan.key().size());
        for (int i = 0; i < plan.key().size(); i++) {
            String text = values[plan.key().get(i)];
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

    boolean hasRow() {
        return key != null;
    }

    RowKey key() {
        return key;
    }

    /** The value of a column of the plan as text, null for SQL NULL. */
    String value(int column) {
        return values[column];
    }

    Map<String, String> keyValues() {
        Map<String, String> named = new LinkedHashMap<>();
        plan.key().forEach(column -> named.put(plan.columns().get(column).name(), values[column]));
        return named;
    }

    @Override
    public void close() throws SQLException {
        stop.forget(statement);
        statement.close();
    }
}

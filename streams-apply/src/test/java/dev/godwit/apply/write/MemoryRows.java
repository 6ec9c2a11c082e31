package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The tables of a target in memory, with their unique and foreign keys. */
public final class MemoryRows {
    /** Has this default, and was added to the source's tables in the course of the history. */
    public static final int LATE = 6;

    public static final String LATE_DEFAULT = "d";
    private static final int COLUMNS = 7;

    private final Map<TableName, RowFilter> slices;
    private final Catalog catalog;
    private final Map<TableName, Map<String, Row>> rows = new TreeMap<>();

    MemoryRows(Map<TableName, RowFilter> slices, Catalog catalog) {
        this.slices = slices;
        this.catalog = catalog;
    }

    /** As they are now. */
    Map<TableName, Map<String, Row>> copy() {
        Map<TableName, Map<String, Row>> copy = new TreeMap<>();
        rows.forEach((table, content) -> copy.put(table, new HashMap<>(content)));
        return copy;
    }

    /**
     * Ends a transaction.
     *
     * @param before what there was before it; is there again if it is refused
     * @throws RefusedByConstraintException if a unique or foreign key does not hold
     */
    void check(Map<TableName, Map<String, Row>> before) {
        try {
            new MemoryConstraints(catalog, before, rows).check();
        } catch (RefusedByConstraintException e) {
            restore(before);
            throw e;
        }
    }

    void restore(Map<TableName, Map<String, Row>> before) {
        rows.clear();
        rows.putAll(before);
    }

    void apply(FoldedBatch batch) {
        batch.tables().forEach(this::apply);
    }

    /** As the statements of a target transaction do it: completion first, then deletes, then upserts. */
    private void apply(TableChanges table) {
        Map<String, Row> content = rows.computeIfAbsent(table.table().name(), name -> new HashMap<>());
        Map<String, Row> before = new HashMap<>(content);
        RowFilter slice = slices.get(table.table().name());
        if (table.truncate() != null) {
            content.values().removeIf(row -> isOurs(slice, row));
        }
        for (Change change : table.changes()) {
            Row row = content.get(change.key().toString());
            if (change.operation() == Operation.DELETE && row != null && isOurs(slice, row)) {
                content.remove(change.key().toString());
            }
        }
        for (Change change : table.changes()) {
            if (change.operation() == Operation.UPSERT) {
                content.put(change.key().toString(), whole(change, before, content));
            }
        }
        if (content.isEmpty()) {
            rows.remove(table.table().name());
        }
    }

    private static boolean isOurs(RowFilter slice, Row row) {
        return slice == null || slice.matches(row::value);
    }

    private static Row whole(Change change, Map<String, Row> before, Map<String, Row> content) {
        Row after = change.after();
        if (!after.isPartial()) {
            return withLate(after, content.get(change.key().toString()));
        }
        Row older = change.movedFrom() == null
                ? content.get(change.key().toString())
                : before.get(change.movedFrom().toString());
        if (older == null) {
            throw new AssertionError("nothing to complete " + change + " from");
        }
        Row whole = after.over(older);
        if (whole.isPartial()) {
            throw new AssertionError(change + " lacks values even so");
        }
        return whole;
    }

    /**
     * A row that is older than the late column: keeps what it has there.
     *
     * @param there the row of the same key; null if it is new
     */
    public static Row withLate(Row row, Row there) {
        if (row.isSent(LATE)) {
            return row;
        }
        if (!row.isYounger(LATE)) {
            throw new AssertionError("neither sent nor older than the column");
        }
        Row late = row.ofSameTable();
        late.set(LATE, there == null ? LATE_DEFAULT : there.value(LATE));
        return row.over(late);
    }

    /** Table, key, value. */
    public Map<TableName, Map<String, String>> text() {
        Map<TableName, Map<String, String>> text = new TreeMap<>();
        rows.forEach((table, content) -> {
            Map<String, String> values = new HashMap<>();
            content.forEach((key, row) -> values.put(key, text(row)));
            text.put(table, values);
        });
        return text;
    }

    boolean has(TableName table, Predicate<Row> condition) {
        return rows.getOrDefault(table, Map.of()).values().stream().anyMatch(condition);
    }

    boolean has(TableName table, String key) {
        return rows.getOrDefault(table, Map.of()).containsKey(key);
    }

    /** Of one row; null if it is not there. */
    String text(TableName table, String key) {
        Row row = rows.getOrDefault(table, Map.of()).get(key);
        return row == null ? null : text(row);
    }

    /** The columns behind the key. */
    public static String text(Row row) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < COLUMNS; i++) {
            text.append(row.value(i)).append('|');
        }
        return text.toString();
    }
}

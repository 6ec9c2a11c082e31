package dev.godwit.verify.repair;

import dev.godwit.database.catalog.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One row of the target that is written or deleted.
 *
 * @param table on the target
 * @param values by column of the target, as text, null for SQL NULL; with the primary key, and with nothing else for a delete. Of an upsert, every
 *     column that is written
 */
public record RepairChange(Action action, TableName table, Map<String, String> values) {

    /** What happens to the row. */
    public enum Action {
        UPSERT,
        DELETE
    }

    public RepairChange {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Without values. */
    @Override
    public String toString() {
        return action + " " + table;
    }
}

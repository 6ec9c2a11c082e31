package dev.godwit.verify;

import java.util.List;

/**
 * A row that was asked for by its key.
 *
 * @param values in the order of the plan's columns, as text; null for SQL NULL
 * @param version another whenever the row has been written again; only to be compared with that of the same side
 */
record KeyedRow(String[] values, String version) {

    List<String> key(TablePlan plan) {
        return plan.key().stream().map(column -> values[column]).toList();
    }

    long characters() {
        long characters = 0;
        for (String value : values) {
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }
}

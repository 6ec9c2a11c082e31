package dev.godwit.verify;

import java.util.List;

/** A row that was asked for by its key. Not changed after it has been read. */
final class KeyedRow {
    private final String[] values;
    private final String version;

    /**
     * @param values in the order of the plan's columns, as text; null for SQL NULL
     * @param version another whenever the row has been written again; only to be compared with that of the same side
     */
    KeyedRow(String[] values, String version) {
        this.values = values;
        this.version = version;
    }

    /** The value of a column of the plan as text, null for SQL NULL. */
    String value(int column) {
        return values[column];
    }

    String version() {
        return version;
    }

    List<String> key(TablePlan plan) {
        return plan.key().stream().map(this::value).toList();
    }

    long characters() {
        long characters = 0;
        for (String value : values) {
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }
}

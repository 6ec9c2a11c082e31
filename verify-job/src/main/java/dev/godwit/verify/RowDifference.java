package dev.godwit.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row that is not the same on both sides.
 *
 * @param key the primary key in key order, as text
 * @param columns the columns that differ, in the order of the table; empty unless the kind is {@link Kind#MISMATCH}
 */
public record RowDifference(Kind kind, Map<String, String> key, List<ColumnDifference> columns) {

    /** In which way a row differs. */
    public enum Kind {
        /** On the source only. */
        MISSING("missing row"),
        /** On both sides, with different values. */
        MISMATCH("mismatching row value"),
        /** On the target only. */
        EXTRANEOUS("extraneous row");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** MOLT's message for it. */
        public String words() {
            return words;
        }
    }

    /**
     * A column of which the two sides have different values. The values are data of the user: they are shown only if the user asks for it.
     *
     * @param sourceValue as text, null for SQL NULL
     * @param targetValue as text, null for SQL NULL
     */
    public record ColumnDifference(String column, String sourceValue, String targetValue) {
        /** Without the values. */
        @Override
        public String toString() {
            return column;
        }
    }

    public RowDifference {
        key = Collections.unmodifiableMap(new LinkedHashMap<>(key));
        columns = List.copyOf(columns);
    }

    public List<String> columnNames() {
        return columns.stream().map(ColumnDifference::column).toList();
    }

    /** About how much memory it takes. */
    long characters() {
        long characters = 0;
        for (String part : key.values()) {
            characters += part == null ? 0 : part.length();
        }
        for (ColumnDifference column : columns) {
            characters += (column.sourceValue == null ? 0 : column.sourceValue.length())
                    + (column.targetValue == null ? 0 : column.targetValue.length());
        }
        return characters;
    }

    /** With the key, without the values. */
    @Override
    public String toString() {
        return kind.words + " " + key + (columns.isEmpty() ? "" : " in " + String.join(", ", columnNames()));
    }
}

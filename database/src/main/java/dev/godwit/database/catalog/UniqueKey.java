package dev.godwit.database.catalog;

import java.util.List;

/**
 * A unique constraint or unique index beside the primary key.
 *
 * @param columns the key columns in order; empty where the index is over expressions
 * @param partial whether a predicate restricts the index to some rows
 * @param nullsDistinct whether two NULLs count as different (the rule of the SQL standard)
 */
public record UniqueKey(String name, List<String> columns, boolean partial, boolean nullsDistinct) {
    public UniqueKey {
        columns = List.copyOf(columns);
    }
}

package dev.godwit.database.catalog;

import java.util.List;

/**
 * A unique constraint or unique index beside the primary key, or an exclusion constraint.
 *
 * @param columns the key columns in order; empty where equality of columns does not tell: an index over expressions or with
 *     a nondeterministic collation, an exclusion constraint
 * @param partial whether a predicate restricts the index to some rows
 * @param nullsDistinct whether two NULLs count as different (the rule of the SQL standard)
 */
public record UniqueKey(String name, List<String> columns, boolean partial, boolean nullsDistinct) {
    public UniqueKey {
        columns = List.copyOf(columns);
    }
}

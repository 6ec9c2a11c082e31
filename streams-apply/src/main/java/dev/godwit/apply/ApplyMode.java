package dev.godwit.apply;

import java.util.Locale;

/** What is applied as one sequence of transactions, and so what a reader of the replication target may see. */
public enum ApplyMode {
    /** All tables of the phase are one ordering domain: transactions appear whole. */
    CONSISTENT,
    /** Each group of tables that foreign keys connect is one: transactions appear whole group by group. */
    GROUPED,
    /** Each partition is one: the changes of a row keep their order, and nothing else does. */
    IMMEDIATE;

    /** As users write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

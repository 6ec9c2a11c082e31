package dev.godwit.database.type;

/**
 * The text that stands in a change message for a value that the source did not send because it did not change: a long value that
 * PostgreSQL keeps out of line (TOAST).
 *
 * <p>Connectors write it, the applier reads it, and no application would: it is told from data by equality alone.
 */
public final class UnchangedValue {
    /** Equal to no value that an application writes. */
    public static final String PLACEHOLDER = "__godwit_unchanged_2f6d1c0a9b7e4f53__";

    private UnchangedValue() {}
}

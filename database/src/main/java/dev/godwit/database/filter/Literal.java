package dev.godwit.database.filter;

/**
 * A literal as it stands in a filter. In SQL its form decides what it may be compared with: {@code '5'} may be a text or a number,
 * {@code 5} is never a text.
 *
 * @param text without quotes; null for NULL
 */
record Literal(Form form, String text) {

    enum Form {
        NULL,
        STRING,
        NUMBER,
        BOOLEAN
    }

    /** As in SQL. */
    @Override
    public String toString() {
        return switch (form) {
            case NULL -> "NULL";
            case STRING -> "'" + text + "'";
            case NUMBER, BOOLEAN -> text;
        };
    }
}

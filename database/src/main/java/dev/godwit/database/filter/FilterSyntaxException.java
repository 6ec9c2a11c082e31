package dev.godwit.database.filter;

/** What is wrong with the text of a filter, and where; the parser turns it into a refusal. */
final class FilterSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param position an index into the text */
    FilterSyntaxException(String reason, int position) {
        super(reason + " (character " + (position + 1) + ")");
    }
}

package dev.godwit.database.filter;

import java.util.Locale;

/**
 * A word of a filter.
 *
 * @param text the word; without quotes, and with doubled quotes undone, where it stood in quotes
 * @param position the index of its first character in the filter
 */
record Token(Kind kind, String text, int position) {

    enum Kind {
        /** A name or keyword without quotes. */
        WORD,
        /** A name in double quotes. */
        QUOTED_NAME,
        /** A literal in single quotes. */
        STRING,
        NUMBER,
        /** A comparison operator, a sign, a parenthesis or a comma. */
        SYMBOL,
        END
    }

    /** Whether it is this keyword, in any case. */
    boolean isKeyword(String keyword) {
        return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** As the user wrote it, for messages. */
    @Override
    public String toString() {
        return switch (kind) {
            case QUOTED_NAME -> '"' + text + '"';
            case STRING -> "'" + text + "'";
            case END -> "the end";
            case WORD, NUMBER, SYMBOL -> text;
        };
    }
}

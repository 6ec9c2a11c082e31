package dev.godwit.database.filter;

import dev.godwit.database.filter.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a filter into words by PostgreSQL's lexical rules (documentation, "Lexical Structure"), and refuses whatever they would read
 * differently from us: comments, escape strings, dollar quotes, operators of other types.
 */
final class Lexer {
    private static final String BLANKS = " \t\n\r\f\u000b";
    private static final Pattern WORD = Pattern.compile("[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*");
    private static final Pattern NUMBER = Pattern.compile("(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    private static final Pattern SYMBOL = Pattern.compile("<>|!=|<=|>=|[=<>(),+-]");
    private static final Pattern COMMENT_OR_END = Pattern.compile("--|/\\*|;");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    Lexer(String text) {
        this.text = text;
    }

    /** @return the words, the last of kind {@link Kind#END} */
    List<Token> tokens() {
        while (position < text.length()) {
            if (BLANKS.indexOf(text.charAt(position)) >= 0) {
                position++;
            } else {
                tokens.add(next());
            }
        }
        tokens.add(new Token(Kind.END, "", text.length()));
        return tokens;
    }

    private Token next() {
        int start = position;
        char first = text.charAt(start);
        if (first == '\'') {
            return new Token(Kind.STRING, quoted('\'', "a text"), start);
        }
        if (first == '"') {
            return new Token(Kind.QUOTED_NAME, quoted('"', "a name"), start);
        }
        if (at(COMMENT_OR_END) != null) {
            throw new FilterSyntaxException("comments and semicolons are not taken", start);
        }
        String word = at(WORD);
        if (word != null) {
            position += word.length();
            return new Token(Kind.WORD, word, start);
        }
        String number = at(NUMBER);
        if (number != null) {
            position += number.length();
            if (at(WORD) != null) {
                throw new FilterSyntaxException("a number runs into a word", start);
            }
            return new Token(Kind.NUMBER, number, start);
        }
        String symbol = at(SYMBOL);
        if (symbol == null) {
            throw new FilterSyntaxException(
                    "\"" + Character.toString(text.codePointAt(start)) + "\" is not taken", start);
        }
        position += symbol.length();
        return new Token(Kind.SYMBOL, symbol, start);
    }

    private String at(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(position, text.length());
        return matcher.lookingAt() ? matcher.group() : null;
    }

    private String quoted(char quote, String what) {
        int start = position;
        StringBuilder content = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == 0) {
                throw new FilterSyntaxException("no database takes the character with code 0", position);
            }
            if (c == quote) {
                position++;
                if (position == text.length() || text.charAt(position) != quote) {
                    return content.toString();
                }
            }
            content.append(c);
        }
        throw new FilterSyntaxException(what + " has no closing " + quote, start);
    }
}

package dev.godwit.fetch.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits an expression into words, as MySQL writes those that it keeps in its dictionary: names in backquotes, texts in single quotes with six escapes, no
 * comments. Nothing of that depends on {@code sql_mode}.
 */
final class MysqlExpressionLexer {

    enum Kind {
        WORD,
        NAME,
        TEXT,
        NUMBER,
        SYMBOL,
        END
    }

    /** @param text without quotes and escapes */
    record Token(Kind kind, String text) {
        boolean isSymbol(char symbol) {
            return kind == Kind.SYMBOL && text.charAt(0) == symbol;
        }

        @Override
        public String toString() {
            return switch (kind) {
                case END -> "the end";
                case TEXT -> "'" + text + "'";
                case NAME -> '`' + text + '`';
                case WORD, NUMBER, SYMBOL -> text;
            };
        }
    }

    private final String expression;
    private int position;

    private MysqlExpressionLexer(String expression) {
        this.expression = expression;
    }

    /** @return the words, the last of kind {@link Kind#END} */
    static List<Token> tokens(String expression) throws UnsureExpressionException {
        MysqlExpressionLexer lexer = new MysqlExpressionLexer(expression);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Kind.END);
        return tokens;
    }

    private boolean ends() {
        return position == expression.length();
    }

    private char peek() {
        return ends() ? '\0' : expression.charAt(position);
    }

    private Token next() throws UnsureExpressionException {
        while (peek() == ' ') {
            position++;
        }
        if (ends()) {
            return new Token(Kind.END, "");
        }
        char first = peek();
        if (first == '`') {
            return new Token(Kind.NAME, name());
        }
        if (first == '\'') {
            return new Token(Kind.TEXT, text());
        }
        if (isDigit(first)) {
            return new Token(Kind.NUMBER, number());
        }
        if (isOfWord(first)) {
            return new Token(Kind.WORD, word());
        }
        int symbol = expression.codePointAt(position);
        position += Character.charCount(symbol);
        return new Token(Kind.SYMBOL, Character.toString(symbol));
    }

    private String name() throws UnsureExpressionException {
        StringBuilder name = new StringBuilder();
        for (position++; !ends(); position++) {
            if (peek() == '`') {
                position++;
                if (peek() != '`') {
                    return name.toString();
                }
            }
            name.append(peek());
        }
        throw new UnsureExpressionException("a name does not end");
    }

    private String text() throws UnsureExpressionException {
        StringBuilder text = new StringBuilder();
        for (position++; !ends(); position++) {
            char c = peek();
            if (c == '\'') {
                position++;
                return text.toString();
            }
            if (c == '\\') {
                position++;
                c = unescaped(peek());
            }
            text.append(c);
        }
        throw new UnsureExpressionException("a text does not end");
    }

    /** What stands behind a backslash; MySQL writes these six and no others. */
    static char unescaped(char escape) throws UnsureExpressionException {
        return switch (escape) {
            case '\\', '\'' -> escape;
            case '0' -> '\0';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'Z' -> '\032';
            default -> throw new UnsureExpressionException("an escape is not known: \\" + escape);
        };
    }

    private String number() throws UnsureExpressionException {
        int start = position;
        while (isDigit(peek())) {
            position++;
        }
        if (peek() == '.') {
            position++;
            while (isDigit(peek())) {
                position++;
            }
        }
        String number = expression.substring(start, position);
        if (isOfWord(peek()) || number.endsWith(".")) {
            throw new UnsureExpressionException("a number that is no plain decimal one begins with " + number);
        }
        return number;
    }

    private String word() {
        int start = position;
        while (isOfWord(peek()) || isDigit(peek())) {
            position++;
        }
        return expression.substring(start, position);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isOfWord(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

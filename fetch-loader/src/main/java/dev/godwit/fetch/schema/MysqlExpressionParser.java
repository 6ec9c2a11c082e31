package dev.godwit.fetch.schema;

import dev.godwit.fetch.schema.MysqlExpressionLexer.Kind;
import dev.godwit.fetch.schema.MysqlExpressionLexer.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an expression in the words in which MySQL keeps it, and refuses whatever it does not know.
 *
 * <p>By hand, as row filters are: parsers of many dialects do not know the introducers that MySQL writes before every text ({@code _utf8mb4'x'}).
 */
final class MysqlExpressionParser {
    private static final int NESTING_MAX = 200;

    private final List<Token> tokens;
    private int next;
    private int nesting;

    private MysqlExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static MysqlExpression parse(String expression) throws UnsureExpressionException {
        MysqlExpressionParser parser = new MysqlExpressionParser(MysqlExpressionLexer.tokens(expression));
        MysqlExpression whole = parser.sum();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unknown();
        }
        return whole;
    }

    private MysqlExpression sum() throws UnsureExpressionException {
        if (++nesting > NESTING_MAX) {
            throw new UnsureExpressionException("it has more than " + NESTING_MAX + " levels");
        }
        MysqlExpression sum = product();
        while (peek().isSymbol('+') || peek().isSymbol('-')) {
            char operator = take().text().charAt(0);
            sum = new MysqlExpression.Arithmetic(operator, sum, product());
        }
        nesting--;
        return sum;
    }

    private MysqlExpression product() throws UnsureExpressionException {
        MysqlExpression product = factor();
        while (peek().isSymbol('*')) {
            take();
            product = new MysqlExpression.Arithmetic('*', product, factor());
        }
        return product;
    }

    private MysqlExpression factor() throws UnsureExpressionException {
        boolean negative = false;
        while (peek().isSymbol('-')) {
            take();
            negative = !negative;
        }
        return negative ? new MysqlExpression.Negation(primary()) : primary();
    }

    private MysqlExpression primary() throws UnsureExpressionException {
        Token token = peek();
        if (token.isSymbol('(')) {
            take();
            MysqlExpression inner = sum();
            require(')');
            return inner;
        }
        return switch (token.kind()) {
            case NAME -> new MysqlExpression.Name(take().text());
            case TEXT -> new MysqlExpression.Text("", take().text());
            case NUMBER -> new MysqlExpression.Numeral(take().text());
            case WORD -> word();
            case SYMBOL, END -> throw unknown();
        };
    }

    private MysqlExpression word() throws UnsureExpressionException {
        String word = take().text();
        if (word.startsWith("_") && peek().kind() == Kind.TEXT) {
            return new MysqlExpression.Text(word.substring(1), take().text());
        }
        if (!peek().isSymbol('(')) {
            throw new UnsureExpressionException(word);
        }
        take();
        List<MysqlExpression> arguments = new ArrayList<>();
        if (!peek().isSymbol(')')) {
            arguments.add(sum());
            while (peek().isSymbol(',')) {
                take();
                arguments.add(sum());
            }
        }
        require(')');
        return new MysqlExpression.Call(word, arguments);
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private void require(char symbol) throws UnsureExpressionException {
        if (!peek().isSymbol(symbol)) {
            throw unknown();
        }
        take();
    }

    private UnsureExpressionException unknown() {
        return new UnsureExpressionException(peek().toString());
    }
}

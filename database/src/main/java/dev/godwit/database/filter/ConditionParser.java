package dev.godwit.database.filter;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.filter.Condition.Operator;
import dev.godwit.database.filter.Token.Kind;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Turns the text of a filter into a {@link Condition}, and refuses whatever is not sure to mean the same everywhere.
 *
 * <p>By hand, because general SQL parsers take many dialects at once and so read some conditions otherwise than PostgreSQL does. The grammar is
 * small: OR binds weakest, then AND, then NOT, then one predicate about one column.
 */
final class ConditionParser {
    private static final String TAKEN =
            "use comparisons of a column with a literal, IN, BETWEEN, IS NULL, AND, OR, NOT; texts only with = and <>";
    private static final int NESTING_MAX = 200;
    /** Words that are values of SQL where they stand without quotes, and no columns. */
    private static final Set<String> VALUES_OF_SQL = Set.of(
            "user",
            "current_user",
            "session_user",
            "system_user",
            "current_role",
            "current_catalog",
            "current_schema",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "default");

    private final String text;
    private final Table table;
    private List<Token> tokens;
    private int next;
    private int nesting;

    ConditionParser(String text, Table table) {
        this.text = text;
        this.table = table;
    }

    Condition parse() {
        try {
            tokens = new Lexer(text).tokens();
            Condition condition = disjunction();
            if (peek().kind() != Kind.END) {
                throw unexpected("AND, OR or the end");
            }
            return condition;
        } catch (FilterSyntaxException e) {
            throw new RefusedException(
                    "the filter of " + table + " is not taken: " + e.getMessage() + ": " + text, TAKEN, e);
        }
    }

    private Condition disjunction() {
        if (++nesting > NESTING_MAX) {
            throw new FilterSyntaxException("more than " + NESTING_MAX + " levels", peek().position());
        }
        List<Condition> parts = new ArrayList<>(List.of(conjunction()));
        while (takeKeyword("OR")) {
            parts.add(conjunction());
        }
        nesting--;
        return parts.size() == 1 ? parts.get(0) : new Condition.Or(parts);
    }

    private Condition conjunction() {
        List<Condition> parts = new ArrayList<>(List.of(negation()));
        while (takeKeyword("AND")) {
            parts.add(negation());
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.And(parts);
    }

    private Condition negation() {
        boolean not = false;
        while (takeKeyword("NOT")) {
            not = !not;
        }
        return negatedIf(not, predicate());
    }

    private Condition predicate() {
        if (takeSymbol("(")) {
            Condition inner = disjunction();
            requireSymbol(")");
            return inner;
        }
        if (startsLiteral()) {
            Literal literal = literal();
            Operator operator = operator();
            return compare(column(), operator.mirrored(), literal);
        }
        return predicateAbout(column());
    }

    private Condition predicateAbout(Column column) {
        if (takeKeyword("IS")) {
            boolean not = takeKeyword("NOT");
            requireKeyword("NULL");
            return negatedIf(not, new Condition.IsNull(column));
        }
        if (takeKeyword("ISNULL")) {
            return new Condition.IsNull(column);
        }
        if (takeKeyword("NOTNULL")) {
            return new Condition.Not(new Condition.IsNull(column));
        }
        boolean not = takeKeyword("NOT");
        if (takeKeyword("IN")) {
            return negatedIf(not, in(column));
        }
        if (takeKeyword("BETWEEN")) {
            return negatedIf(not, between(column));
        }
        if (not) {
            throw unexpected("IN or BETWEEN");
        }
        if (column.type().kind() == TypeKind.BOOLEAN && endsPredicate()) {
            return compare(column, Operator.EQUAL, new Literal(Literal.Form.BOOLEAN, "true"));
        }
        return compare(column, operator(), literal());
    }

    private boolean endsPredicate() {
        Token token = peek();
        return token.kind() == Kind.END || token.isSymbol(")") || token.isKeyword("AND") || token.isKeyword("OR");
    }

    private Condition in(Column column) {
        requireSymbol("(");
        List<Operand> operands = new ArrayList<>();
        do {
            operands.add(Operand.of(table, column, literal()));
        } while (takeSymbol(","));
        requireSymbol(")");
        return new Condition.In(column, operands);
    }

    private Condition between(Column column) {
        Condition from = compare(column, Operator.GREATER_OR_EQUAL, literal());
        requireKeyword("AND");
        return new Condition.And(List.of(from, compare(column, Operator.LESS_OR_EQUAL, literal())));
    }

    private Condition compare(Column column, Operator operator, Literal literal) {
        Operand operand = Operand.of(table, column, literal);
        if (operator.isOrder() && !(Operand.hasOrder(column.type().kind()) && operand.hasOrder())) {
            throw new RefusedException(
                    "the filter of " + table + " orders by column \"" + column.name() + "\" (" + column.type()
                            + ") and " + literal + ": " + text,
                    TAKEN);
        }
        return new Condition.Compare(column, operator, operand);
    }

    private static Condition negatedIf(boolean not, Condition condition) {
        return not ? new Condition.Not(condition) : condition;
    }

    private Operator operator() {
        Token token = peek();
        for (Operator operator : Operator.values()) {
            if (token.isSymbol(operator.sql()) || (operator == Operator.NOT_EQUAL && token.isSymbol("!="))) {
                next++;
                return operator;
            }
        }
        throw unexpected("a comparison");
    }

    private boolean startsLiteral() {
        Token token = peek();
        return token.kind() == Kind.STRING
                || token.kind() == Kind.NUMBER
                || token.isSymbol("-")
                || token.isSymbol("+")
                || token.isKeyword("NULL")
                || token.isKeyword("TRUE")
                || token.isKeyword("FALSE");
    }

    private Literal literal() {
        if (!startsLiteral()) {
            throw unexpected("a literal");
        }
        if (takeKeyword("NULL")) {
            return new Literal(Literal.Form.NULL, null);
        }
        if (takeKeyword("TRUE")) {
            return new Literal(Literal.Form.BOOLEAN, "true");
        }
        if (takeKeyword("FALSE")) {
            return new Literal(Literal.Form.BOOLEAN, "false");
        }
        String sign = takeSymbol("-") ? "-" : "";
        boolean signed = !sign.isEmpty() || takeSymbol("+");
        Token token = peek();
        if (token.kind() == Kind.NUMBER) {
            next++;
            return new Literal(Literal.Form.NUMBER, sign + token.text());
        }
        if (signed) {
            throw unexpected("a number");
        }
        next++;
        return new Literal(Literal.Form.STRING, token.text());
    }

    private Column column() {
        Token token = peek();
        if (token.kind() != Kind.QUOTED_NAME && token.kind() != Kind.WORD) {
            throw unexpected("a column");
        }
        next++;
        if (peek().isSymbol("(")) {
            throw new FilterSyntaxException("functions and subqueries are not taken", token.position());
        }
        String name = token.kind() == Kind.QUOTED_NAME ? token.text() : folded(token.text());
        if (token.kind() == Kind.WORD && VALUES_OF_SQL.contains(name)) {
            throw new FilterSyntaxException(
                    "in SQL " + token + " is a value of its own; a column of that name needs double quotes",
                    token.position());
        }
        Column column = table.column(name)
                .orElseThrow(() -> new RefusedException(
                        "the filter of " + table + " names column \"" + name + "\", which the table does not have",
                        "choose one of: "
                                + String.join(", ", table.columnsByName().keySet())));
        if (!Operand.isComparable(column.type().kind())) {
            throw new RefusedException(
                    "the filter of " + table + " looks at column \"" + name + "\" of type " + column.type(),
                    "filter by a column of an integer, decimal, text, uuid, enum, boolean or date type");
        }
        return column;
    }

    /** As PostgreSQL folds a name without quotes: only the letters of ASCII. */
    private static String folded(String name) {
        StringBuilder folded = new StringBuilder();
        name.chars().forEach(c -> folded.append((char) (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c)));
        return folded.toString();
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean takeKeyword(String keyword) {
        boolean found = peek().isKeyword(keyword);
        next += found ? 1 : 0;
        return found;
    }

    private boolean takeSymbol(String symbol) {
        boolean found = peek().isSymbol(symbol);
        next += found ? 1 : 0;
        return found;
    }

    private void requireKeyword(String keyword) {
        if (!takeKeyword(keyword)) {
            throw unexpected(keyword);
        }
    }

    private void requireSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw unexpected("\"" + symbol + "\"");
        }
    }

    private FilterSyntaxException unexpected(String expected) {
        return new FilterSyntaxException("found " + peek() + " instead of " + expected, peek().position());
    }
}

package dev.godwit.database.filter;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.filter.Condition.Operator;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;

/** Turns the text of a filter into a {@link Condition}, and refuses whatever is not sure to mean the same everywhere. */
final class ConditionParser {
    private static final String TAKEN =
            "use comparisons of a column with a literal, IN, BETWEEN, IS NULL, AND, OR, NOT; texts only with = and <>";

    private final String text;
    private final Table table;

    ConditionParser(String text, Table table) {
        this.text = text;
        this.table = table;
    }

    Condition parse() {
        try {
            return condition(CCJSqlParserUtil.parseCondExpression(text, false));
        } catch (JSQLParserException e) {
            throw new RefusedException("the filter of " + table + " is no SQL condition: " + text, TAKEN, e);
        }
    }

    private Condition condition(Expression expression) {
        if (expression instanceof AndExpression and) {
            return new Condition.And(condition(and.getLeftExpression()), condition(and.getRightExpression()));
        }
        if (expression instanceof OrExpression or) {
            return new Condition.Or(condition(or.getLeftExpression()), condition(or.getRightExpression()));
        }
        if (expression instanceof NotExpression not) {
            return new Condition.Not(condition(not.getExpression()));
        }
        if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
            return condition(list.get(0));
        }
        if (expression instanceof IsNullExpression isNull) {
            return negatedIf(isNull.isNot(), new Condition.IsNull(column(isNull.getLeftExpression())));
        }
        if (expression instanceof InExpression in) {
            return in(in);
        }
        if (expression instanceof Between between) {
            return negatedIf(
                    between.isNot(),
                    new Condition.And(
                            compare(
                                    between.getLeftExpression(),
                                    Operator.GREATER_OR_EQUAL,
                                    between.getBetweenExpressionStart()),
                            compare(
                                    between.getLeftExpression(),
                                    Operator.LESS_OR_EQUAL,
                                    between.getBetweenExpressionEnd())));
        }
        if (expression instanceof ComparisonOperator comparison) {
            return comparison(comparison);
        }
        if (expression instanceof net.sf.jsqlparser.schema.Column) {
            Column column = column(expression);
            if (column.type().kind() == TypeKind.BOOLEAN) {
                return new Condition.Compare(column, Operator.EQUAL, new Operand(column, "true"));
            }
        }
        throw unsupported(expression);
    }

    private Condition comparison(ComparisonOperator comparison) {
        Operator operator = operator(comparison);
        Expression left = comparison.getLeftExpression();
        Expression right = comparison.getRightExpression();
        return left instanceof net.sf.jsqlparser.schema.Column
                ? compare(left, operator, right)
                : compare(right, operator.mirrored(), left);
    }

    private Operator operator(ComparisonOperator comparison) {
        return switch (comparison.getStringExpression()) {
            case "=" -> Operator.EQUAL;
            case "<>", "!=" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            default -> throw unsupported(comparison);
        };
    }

    private Condition compare(Expression columnExpression, Operator operator, Expression literal) {
        Column column = column(columnExpression);
        boolean equality = operator == Operator.EQUAL || operator == Operator.NOT_EQUAL;
        if (!equality && !Operand.hasOrder(column.type().kind())) {
            throw new RefusedException(
                    "the filter of " + table + " orders by column \"" + column.name() + "\" (" + column.type() + "): "
                            + text,
                    TAKEN);
        }
        return new Condition.Compare(column, operator, operand(column, literal));
    }

    private Condition in(InExpression in) {
        Column column = column(in.getLeftExpression());
        if (!(in.getRightExpression() instanceof ExpressionList<?> list)) {
            throw unsupported(in);
        }
        List<Operand> operands = new ArrayList<>();
        for (Expression literal : list) {
            operands.add(operand(column, literal));
        }
        return negatedIf(in.isNot(), new Condition.In(column, operands));
    }

    private static Condition negatedIf(boolean not, Condition condition) {
        return not ? new Condition.Not(condition) : condition;
    }

    private Operand operand(Column column, Expression literal) {
        return new Operand(column, literalText(literal));
    }

    private String literalText(Expression literal) {
        if (literal instanceof NullValue) {
            return null;
        }
        if (literal instanceof StringValue string && string.getPrefix() == null) {
            return string.getValue().replace("''", "'");
        }
        if (literal instanceof LongValue || literal instanceof DoubleValue) {
            return literal.toString();
        }
        if (literal instanceof BooleanValue bool) {
            return Boolean.toString(bool.getValue());
        }
        if (literal instanceof SignedExpression signed && signed.getSign() == '-') {
            return "-" + literalText(signed.getExpression());
        }
        if (literal instanceof net.sf.jsqlparser.schema.Column word && word.getTable() == null) {
            String name = word.getColumnName().toLowerCase(Locale.ROOT);
            if (name.equals("true") || name.equals("false")) {
                return name;
            }
        }
        throw unsupported(literal);
    }

    private Column column(Expression expression) {
        if (!(expression instanceof net.sf.jsqlparser.schema.Column reference) || reference.getTable() != null) {
            throw unsupported(expression);
        }
        String written = reference.getColumnName();
        // As in SQL: quoted names are exact, others fold to lower case.
        String name = written.startsWith("\"")
                ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
                : written.toLowerCase(Locale.ROOT);
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

    private RefusedException unsupported(Expression expression) {
        return new RefusedException(
                "the filter of " + table + " uses \"" + expression + "\", which is not supported: " + text, TAKEN);
    }
}

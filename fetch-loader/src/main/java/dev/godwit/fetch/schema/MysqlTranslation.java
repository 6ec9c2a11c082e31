package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An expression of MySQL in words of PostgreSQL and CockroachDB, which mean the same for every row that MySQL holds.
 *
 * <p>Numbers are added and multiplied as decimals of any length, so that nothing overflows on the way to the column's own type, which decides; MySQL, too, refuses
 * what is out of range there. Its decimals have 65 digits, at most 30 of them behind the point: what could need more is refused, since MySQL would round it.
 * Texts are joined, and never compared: no collation has a say.
 */
final class MysqlTranslation {
    private static final int DIGITS_MAX = 65;
    private static final int SCALE_MAX = 30;
    private static final int LENGTH_OFFSET = 4;
    /** Whose characters below 128 are those of ASCII; empty for that of whoever wrote the text, if MySQL does not tell it. */
    private static final Set<String> LIKE_ASCII = Set.of("", "ascii", "latin1", "utf8mb4", "utf8mb3", "utf8");

    private static final Set<String> TEXTS = Set.of("varchar", "tinytext", "text", "mediumtext", "longtext");

    private final Dialect target;
    private final Table table;
    private final Predicate<Column> typeIsMapped;

    /**
     * @param table of the source, without the columns that the target has not
     * @param typeIsMapped whether the user chose the type of a column on the target
     */
    MysqlTranslation(Dialect target, Table table, Predicate<Column> typeIsMapped) {
        this.target = target;
        this.table = table;
        this.typeIsMapped = typeIsMapped;
    }

    /**
     * A part of the expression.
     *
     * @param isText else it is a number
     * @param digits before the point, at most; of a number
     * @param scale digits behind the point, at most
     */
    private record Part(String sql, boolean isText, int digits, int scale) {
        static Part text(String sql) {
            return new Part(sql, true, 0, 0);
        }

        static Part number(String sql, int digits, int scale) throws UnsureExpressionException {
            if (scale > SCALE_MAX || digits + scale > DIGITS_MAX) {
                throw new UnsureExpressionException("a result with up to " + (digits + scale) + " digits, " + scale
                        + " of them behind the point, which MySQL may round");
            }
            return new Part(sql, false, digits, scale);
        }
    }

    /**
     * What stands behind {@code GENERATED ALWAYS AS}, without the parentheses.
     *
     * @param type of the column on the target
     */
    String translate(Column column, String type, MysqlExpression expression) throws UnsureExpressionException {
        if (typeIsMapped.test(column)) {
            throw new UnsureExpressionException("the type map gives it another type");
        }
        if (table.primaryKey().contains(column.name())) {
            throw new UnsureExpressionException(
                    "the column is part of the primary key, which replication has to write");
        }
        Part whole = part(expression);
        if (isText(column.type())) {
            require(whole.isText(), "a number becomes a text");
            // No cast: it would cut in silence what is too long.
            return whole.sql();
        }
        require(isNumber(column.type()), "its type is " + column.type());
        require(!whole.isText(), "a text becomes a number");
        require(column.type().kind() == TypeKind.DECIMAL || whole.scale() == 0, "a decimal number becomes an integer");
        return "CAST(" + whole.sql() + " AS " + type + ")";
    }

    private static void require(boolean sure, String what) throws UnsureExpressionException {
        if (!sure) {
            throw new UnsureExpressionException(what);
        }
    }

    private static boolean isText(ColumnType type) {
        return type.kind() == TypeKind.TEXT && TEXTS.contains(type.baseName());
    }

    private static boolean isNumber(ColumnType type) {
        return type.kind() == TypeKind.DECIMAL
                || (type.kind() == TypeKind.INTEGER && !type.name().startsWith("year"));
    }

    private Part part(MysqlExpression expression) throws UnsureExpressionException {
        if (expression instanceof MysqlExpression.Name name) {
            return column(name.column());
        }
        if (expression instanceof MysqlExpression.Text text) {
            return text(text);
        }
        if (expression instanceof MysqlExpression.Numeral numeral) {
            return number(numeral.digits());
        }
        if (expression instanceof MysqlExpression.Negation negation) {
            Part operand = part(negation.operand());
            require(!operand.isText(), "a text is counted with");
            return Part.number("(- " + operand.sql() + ")", operand.digits(), operand.scale());
        }
        if (expression instanceof MysqlExpression.Arithmetic arithmetic) {
            return arithmetic(arithmetic);
        }
        return call((MysqlExpression.Call) expression);
    }

    private Part column(String name) throws UnsureExpressionException {
        Column column = table.column(name)
                .or(() -> table.columns().stream()
                        .filter(other -> other.name().equalsIgnoreCase(name))
                        .findFirst())
                .orElseThrow(() -> new UnsureExpressionException("column \"" + name + "\", which is left out"));
        String where = "column \"" + column.name() + "\", ";
        require(column.isWritable(), where + "which is computed itself");
        require(!typeIsMapped.test(column), where + "to which the type map gives another type");
        String sql = target.quote(column.name());
        ColumnType type = column.type();
        if (isText(type)) {
            return Part.text(sql);
        }
        if (type.kind() == TypeKind.CHAR) {
            // As MySQL reads it: without the blanks at the end.
            return Part.text("CAST(" + sql + " AS TEXT)");
        }
        require(isNumber(type), where + "whose type is " + type);
        if (type.kind() == TypeKind.INTEGER) {
            return Part.number("CAST(" + sql + " AS DECIMAL)", integerDigits(type), 0);
        }
        int precision = (type.modifier() - LENGTH_OFFSET) >> 16;
        int scale = (type.modifier() - LENGTH_OFFSET) & 0x7ff;
        return Part.number(sql, precision - scale, scale);
    }

    private static int integerDigits(ColumnType type) {
        return switch (type.integerBytes()) {
            case Short.BYTES -> 5;
            case Integer.BYTES -> 10;
            default -> 19;
        };
    }

    private Part text(MysqlExpression.Text text) throws UnsureExpressionException {
        String charset = text.charset().toLowerCase(Locale.ROOT);
        require(LIKE_ASCII.contains(charset), "a text in the character set " + charset);
        require(
                text.value().chars().allMatch(c -> c > 0 && c < 128),
                "a text with a character of code 0, or beyond ASCII");
        return Part.text(target.literal(text.value()));
    }

    private static Part number(String digits) throws UnsureExpressionException {
        int point = digits.indexOf('.');
        int whole = point < 0 ? digits.length() : point;
        return Part.number("CAST(" + digits + " AS DECIMAL)", whole, point < 0 ? 0 : digits.length() - point - 1);
    }

    private Part arithmetic(MysqlExpression.Arithmetic arithmetic) throws UnsureExpressionException {
        Part left = part(arithmetic.left());
        Part right = part(arithmetic.right());
        require(!left.isText() && !right.isText(), "a text is counted with");
        String sql = "(" + left.sql() + " " + arithmetic.operator() + " " + right.sql() + ")";
        return arithmetic.operator() == '*'
                ? Part.number(sql, left.digits() + right.digits(), left.scale() + right.scale())
                : Part.number(sql, Math.max(left.digits(), right.digits()) + 1, Math.max(left.scale(), right.scale()));
    }

    private Part call(MysqlExpression.Call call) throws UnsureExpressionException {
        String function = call.function().toLowerCase(Locale.ROOT);
        require(Set.of("concat", "coalesce", "ifnull").contains(function), "the function " + function);
        List<Part> arguments = new ArrayList<>();
        for (MysqlExpression argument : call.arguments()) {
            arguments.add(part(argument));
        }
        boolean texts = arguments.stream().allMatch(Part::isText);
        if (function.equals("concat")) {
            require(texts, "a number becomes a text");
            return Part.text(arguments.stream().map(Part::sql).collect(Collectors.joining(" || ", "(", ")")));
        }
        String sql = arguments.stream().map(Part::sql).collect(Collectors.joining(", ", "COALESCE(", ")"));
        if (texts) {
            return Part.text(sql);
        }
        require(arguments.stream().noneMatch(Part::isText), "texts and numbers are mixed");
        return Part.number(
                sql,
                arguments.stream().mapToInt(Part::digits).max().orElseThrow(),
                arguments.stream().mapToInt(Part::scale).max().orElseThrow());
    }
}

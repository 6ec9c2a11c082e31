package dev.godwit.fetch.schema;

import java.util.List;

/** What a computed column of MySQL is computed by, as far as {@link MysqlExpressionParser} reads it. */
sealed interface MysqlExpression {

    record Name(String column) implements MysqlExpression {}

    /** @param charset of the introducer, without the underscore; empty if there is none */
    record Text(String charset, String value) implements MysqlExpression {}

    /** @param digits without a sign, perhaps with a point */
    record Numeral(String digits) implements MysqlExpression {}

    record Negation(MysqlExpression operand) implements MysqlExpression {}

    /** @param operator {@code +}, {@code -} or {@code *} */
    record Arithmetic(char operator, MysqlExpression left, MysqlExpression right) implements MysqlExpression {}

    /** @param function as MySQL writes it, mostly in small letters */
    record Call(String function, List<MysqlExpression> arguments) implements MysqlExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}

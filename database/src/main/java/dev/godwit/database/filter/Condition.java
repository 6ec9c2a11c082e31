package dev.godwit.database.filter;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tree behind a {@link RowFilter}. */
sealed interface Condition {

    Truth evaluate(Function<String, String> row);

    String sql(Dialect dialect);

    Set<String> columns();

    record And(Condition left, Condition right) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            return left.evaluate(row).and(right.evaluate(row));
        }

        @Override
        public String sql(Dialect dialect) {
            return "(" + left.sql(dialect) + " AND " + right.sql(dialect) + ")";
        }

        @Override
        public Set<String> columns() {
            return union(left, right);
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            return left.evaluate(row).or(right.evaluate(row));
        }

        @Override
        public String sql(Dialect dialect) {
            return "(" + left.sql(dialect) + " OR " + right.sql(dialect) + ")";
        }

        @Override
        public Set<String> columns() {
            return union(left, right);
        }
    }

    record Not(Condition inner) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            return inner.evaluate(row).not();
        }

        @Override
        public String sql(Dialect dialect) {
            return "NOT (" + inner.sql(dialect) + ")";
        }

        @Override
        public Set<String> columns() {
            return inner.columns();
        }
    }

    record IsNull(Column column) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            return Truth.of(row.apply(column.name()) == null);
        }

        @Override
        public String sql(Dialect dialect) {
            return dialect.quote(column.name()) + " IS NULL";
        }

        @Override
        public Set<String> columns() {
            return Set.of(column.name());
        }
    }

    /** A comparison of a column with a literal. */
    record Compare(Column column, Operator operator, Operand operand) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            String value = row.apply(column.name());
            return value == null || operand.isNull()
                    ? Truth.UNKNOWN
                    : Truth.of(operator.holds(operand.compareFrom(value)));
        }

        @Override
        public String sql(Dialect dialect) {
            return dialect.quote(column.name()) + " " + operator.sql() + " " + operand.sql();
        }

        @Override
        public Set<String> columns() {
            return Set.of(column.name());
        }
    }

    record In(Column column, List<Operand> operands) implements Condition {
        @Override
        public Truth evaluate(Function<String, String> row) {
            Truth any = Truth.FALSE;
            for (Operand operand : operands) {
                any = any.or(new Compare(column, Operator.EQUAL, operand).evaluate(row));
            }
            return any;
        }

        @Override
        public String sql(Dialect dialect) {
            return dialect.quote(column.name())
                    + operands.stream().map(Operand::sql).collect(Collectors.joining(", ", " IN (", ")"));
        }

        @Override
        public Set<String> columns() {
            return Set.of(column.name());
        }
    }

    /** The comparison operators. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case NOT_EQUAL -> comparison != 0;
                case LESS -> comparison < 0;
                case LESS_OR_EQUAL -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_OR_EQUAL -> comparison >= 0;
            };
        }

        /** The operator that holds for {@code b op a} where this one holds for {@code a op b}. */
        Operator mirrored() {
            return switch (this) {
                case EQUAL, NOT_EQUAL -> this;
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            };
        }
    }

    private static Set<String> union(Condition left, Condition right) {
        Set<String> columns = new LinkedHashSet<>(left.columns());
        columns.addAll(right.columns());
        return columns;
    }
}

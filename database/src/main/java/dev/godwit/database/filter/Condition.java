package dev.godwit.database.filter;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
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

    record And(List<Condition> parts) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public Truth evaluate(Function<String, String> row) {
            return parts.stream().map(part -> part.evaluate(row)).reduce(Truth.TRUE, Truth::and);
        }

        @Override
        public String sql(Dialect dialect) {
            return joined(parts, " AND ", dialect);
        }

        @Override
        public Set<String> columns() {
            return union(parts);
        }
    }

    record Or(List<Condition> parts) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public Truth evaluate(Function<String, String> row) {
            return parts.stream().map(part -> part.evaluate(row)).reduce(Truth.FALSE, Truth::or);
        }

        @Override
        public String sql(Dialect dialect) {
            return joined(parts, " OR ", dialect);
        }

        @Override
        public Set<String> columns() {
            return union(parts);
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
                    : Truth.of(operator.holds(
                            operand.compareFrom(Values.comparable(column.type().kind(), value))));
        }

        @Override
        public String sql(Dialect dialect) {
            String name = dialect.quote(column.name());
            if (Operand.isText(column.type().kind())) {
                return operator == Operator.EQUAL
                        ? dialect.textIs(name, operand.sql(dialect))
                        : dialect.textIsNot(name, operand.sql(dialect));
            }
            String comparison = name + " " + operator.sql() + " " + operand.sql(dialect);
            if (column.type().kind() != TypeKind.DECIMAL || !operator.isOrder() || dialect.ordersNotANumberLast()) {
                return comparison;
            }
            return operator.isUpwards()
                    ? "(" + comparison + " OR " + name + " = 'NaN')"
                    : "(" + comparison + " AND " + name + " <> 'NaN')";
        }

        @Override
        public Set<String> columns() {
            return Set.of(column.name());
        }
    }

    record In(Column column, List<Operand> operands) implements Condition {
        public In {
            operands = List.copyOf(operands);
        }

        @Override
        public Truth evaluate(Function<String, String> row) {
            String text = row.apply(column.name());
            if (text == null) {
                return Truth.UNKNOWN;
            }
            Comparable<?> value = Values.comparable(column.type().kind(), text);
            Truth any = Truth.FALSE;
            for (Operand operand : operands) {
                any = any.or(operand.isNull() ? Truth.UNKNOWN : Truth.of(operand.compareFrom(value) == 0));
            }
            return any;
        }

        @Override
        public String sql(Dialect dialect) {
            String name = dialect.quote(column.name());
            List<String> literals =
                    operands.stream().map(operand -> operand.sql(dialect)).toList();
            return Operand.isText(column.type().kind())
                    ? dialect.textIn(name, literals)
                    : name + " IN (" + String.join(", ", literals) + ")";
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

        boolean isOrder() {
            return this != EQUAL && this != NOT_EQUAL;
        }

        /** Greater, or greater or equal. */
        boolean isUpwards() {
            return this == GREATER || this == GREATER_OR_EQUAL;
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

    private static String joined(List<Condition> parts, String separator, Dialect dialect) {
        return parts.stream().map(part -> part.sql(dialect)).collect(Collectors.joining(separator, "(", ")"));
    }

    private static Set<String> union(List<Condition> parts) {
        Set<String> columns = new LinkedHashSet<>();
        parts.forEach(part -> columns.addAll(part.columns()));
        return columns;
    }
}

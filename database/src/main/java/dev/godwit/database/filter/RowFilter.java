package dev.godwit.database.filter;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import java.util.Set;
import java.util.function.Function;

/**
 * A row filter: the slice of a table that a phase moves, as a SQL condition over the columns of one row.
 *
 * <p>The same text is evaluated in two places that must always agree: by the databases (fetch, verify, deletes) and in the applier. So
 * only what means the same in both is taken: {@code =}, {@code <>}, {@code <}, {@code <=}, {@code >}, {@code >=}, {@code IN},
 * {@code BETWEEN}, {@code IS NULL}, {@code AND}, {@code OR}, {@code NOT}, boolean columns and literals; texts only for equality, since their order
 * depends on a collation. A literal must be written as the column's type has it: texts, dates and uuids in single quotes. NULL follows SQL's three-valued logic. Immutable.
 */
public final class RowFilter {
    private final String text;
    private final Condition condition;

    private RowFilter(String text, Condition condition) {
        this.text = text;
        this.condition = condition;
    }

    /**
     * Parses the text and checks it against the table.
     *
     * @throws RefusedException if the text is no condition, uses what is not supported, or names a column that the table has not
     */
    public static RowFilter parse(String text, Table table) {
        return new RowFilter(text, new ConditionParser(text, table).parse());
    }

    /** The condition in the product's SQL, for use behind WHERE. Column names stand unqualified. */
    public String sql(Dialect dialect) {
        return condition.sql(dialect);
    }

    /** The names of the columns it looks at. */
    public Set<String> columns() {
        return condition.columns();
    }

    /**
     * Whether the row belongs to the slice; false also where SQL says "unknown".
     *
     * @param row gives for a column name its value as text, null for SQL NULL
     */
    public boolean matches(Function<String, String> row) {
        return condition.evaluate(row) == Truth.TRUE;
    }

    /** As the user wrote it. */
    @Override
    public String toString() {
        return text;
    }
}

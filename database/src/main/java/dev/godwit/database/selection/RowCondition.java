package dev.godwit.database.selection;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.RowFilter;
import java.util.Optional;

/**
 * Which rows of one side are meant: a row filter, which means the same on both sides and everywhere in Godwit, or SQL that only this
 * side's database understands. Immutable.
 *
 * @param text as the user wrote it
 * @param filter the text as a row filter; empty if it is SQL of the database
 */
public record RowCondition(String text, Optional<RowFilter> filter) {

    public static RowCondition of(RowFilter filter) {
        return new RowCondition(filter.toString(), Optional.of(filter));
    }

    /** SQL that is handed to the database as it is. */
    public static RowCondition ofSql(String text) {
        return new RowCondition(text, Optional.empty());
    }

    /** For use behind WHERE, also with {@code AND} behind it. Column names stand unqualified. */
    public String sql(Dialect dialect) {
        // The line break ends a comment that the user's text may end with.
        return filter.map(known -> "(" + known.sql(dialect) + ")").orElse("(" + text + "\n)");
    }

    @Override
    public String toString() {
        return text;
    }
}

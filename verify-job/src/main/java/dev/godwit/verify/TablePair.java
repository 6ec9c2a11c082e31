package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.selection.RowCondition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is put against each other: a table of the source, or several that were merged, and a table of the target, whose names may be others.
 * Immutable.
 *
 * @param sources at least one; the rows of all of them together are those of the target
 * @param sourceRows empty for all rows
 * @param targetRows empty for all rows
 * @param targetColumns for a column of the source its name on the target, where that is another
 * @param leftOut the columns, by their names on the source, that are not compared, neither in structure nor in rows
 */
public record TablePair(
        List<TableName> sources,
        TableName target,
        Optional<RowCondition> sourceRows,
        Optional<RowCondition> targetRows,
        Map<String, String> targetColumns,
        Set<String> leftOut) {
    public TablePair {
        sources = List.copyOf(sources);
        targetColumns = Map.copyOf(targetColumns);
        leftOut = Set.copyOf(leftOut);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("no source table for " + target);
        }
    }

    /** The same name, the same columns and the same rows on both sides. */
    public static TablePair of(TableSlice slice) {
        Optional<RowCondition> rows = slice.filter().map(RowCondition::of);
        return new TablePair(List.of(slice.table()), slice.table(), rows, rows, Map.of(), Set.of());
    }

    /** What reports call it: the source's name, or the target's if several tables were merged into it. */
    public TableName name() {
        return isMerged() ? target : sources.get(0);
    }

    /** Whether several source tables stand against one of the target. */
    public boolean isMerged() {
        return sources.size() > 1;
    }

    /** Whether the target has another name for it than {@link #name()}. */
    public boolean isRenamed() {
        return !name().equals(target);
    }

    /** The name on the target of a column of the source. */
    public String targetColumn(String sourceColumn) {
        return targetColumns.getOrDefault(sourceColumn, sourceColumn);
    }

    /** {@code " WHERE <condition>"}, or nothing for all rows. */
    String sourceWhere(Dialect dialect) {
        return where(sourceRows, dialect);
    }

    /** {@code " WHERE <condition>"}, or nothing for all rows. */
    String targetWhere(Dialect dialect) {
        return where(targetRows, dialect);
    }

    private static String where(Optional<RowCondition> rows, Dialect dialect) {
        return rows.map(condition -> " WHERE " + condition.sql(dialect)).orElse("");
    }

    @Override
    public String toString() {
        return (isMerged() ? sources + " -> " + target : name() + (isRenamed() ? " -> " + target : ""))
                + sourceRows.map(condition -> " where " + condition).orElse("");
    }

    /** The source's names of all tables of the pairs. */
    public static List<TableName> sources(List<TablePair> pairs) {
        return pairs.stream().flatMap(pair -> pair.sources().stream()).toList();
    }

    /** The target's names of all tables of the pairs. */
    public static List<TableName> targets(List<TablePair> pairs) {
        return pairs.stream().map(TablePair::target).toList();
    }
}

package dev.godwit.database.selection;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.TableSlice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A table of the source, which of its rows move, and what becomes of it on the target.
 *
 * @param source its name on the source
 * @param rows empty for all of them
 * @param target its name on the target; several tables of the source may have the same
 * @param targetColumns the names of columns that are called otherwise on the target, by their name on the source
 * @param leftOut the columns of the source that the target has not
 */
public record MappedTable(
        TableName source,
        Optional<RowCondition> rows,
        TableName target,
        Map<String, String> targetColumns,
        Set<String> leftOut) {
    public MappedTable {
        targetColumns = Map.copyOf(targetColumns);
        leftOut = Set.copyOf(leftOut);
    }

    /** The same names on both sides. */
    public static MappedTable of(TableSlice slice) {
        return new MappedTable(slice.table(), slice.filter().map(RowCondition::of), slice.table(), Map.of(), Set.of());
    }

    /** The name on the target of a column of the source. */
    public String targetColumn(String sourceColumn) {
        return targetColumns.getOrDefault(sourceColumn, sourceColumn);
    }

    /** {@code " WHERE <condition>"}, or nothing for all rows. */
    public String where(Dialect dialect) {
        return rows.map(condition -> " WHERE " + condition.sql(dialect)).orElse("");
    }

    /** The source's table without the columns that are left out. */
    public Table sourceView(Table table) {
        return view(table, source, UnaryOperator.identity());
    }

    /** The target's table as if it and its columns had the names of the source. */
    public Table targetView(Table table) {
        return view(table, source, name -> targetColumns.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name));
    }

    private Table view(Table table, TableName name, UnaryOperator<String> names) {
        List<Column> columns = table.columns().stream()
                .map(column -> new Column(
                        names.apply(column.name()),
                        column.type(),
                        column.nullable(),
                        column.generation(),
                        column.hidden()))
                .filter(column -> !leftOut.contains(column.name()))
                .toList();
        List<String> key = table.primaryKey().stream().map(names).toList();
        boolean keyLeftOut = key.stream().anyMatch(leftOut::contains);
        return new Table(name, columns, keyLeftOut ? List.of() : key, table.uniqueKeys(), table.replicaIdentity());
    }

    @Override
    public String toString() {
        return source
                + (source.equals(target) ? "" : " -> " + target)
                + rows.map(condition -> " where " + condition).orElse("");
    }
}

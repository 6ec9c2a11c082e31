package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one table is loaded.
 *
 * @param table as the source has it
 * @param parents the other tables of the load, by their names on the source, that its foreign keys on the target name
 * @param selfReference whether a foreign key on the target leads from the table to itself; then its rows must arrive by one statement
 * @param asNumbers boolean columns that are integers on the target
 * @param asBooleans integer columns that are booleans on the target
 */
public record TablePlan(
        MappedTable mapping,
        Table table,
        Set<TableName> parents,
        boolean selfReference,
        Set<String> asNumbers,
        Set<String> asBooleans) {

    /** As the catalog of the source has it, with nothing mapped. */
    public TablePlan(MappedTable mapping, Table table, Set<TableName> parents, boolean selfReference) {
        this(mapping, table, parents, selfReference, Set.of(), Set.of());
    }

    public TableName name() {
        return mapping.source();
    }

    public TableName target() {
        return mapping.target();
    }

    /** Computed columns are left out: the target computes them itself. */
    private List<Column> columns() {
        return table.writableColumns().stream()
                .filter(column -> !column.hidden() && !mapping.leftOut().contains(column.name()))
                .toList();
    }

    private String columns(Function<Column, String> sql) {
        return columns().stream().map(sql).collect(Collectors.joining(", "));
    }

    /** Whose values travel. */
    public List<Column> sourceColumns() {
        return columns();
    }

    /** Of the target, in the order in which their values travel. */
    public List<String> targetColumns() {
        return columns().stream()
                .map(column -> mapping.targetColumn(column.name()))
                .toList();
    }

    /** In words, so that a continuation can tell whether it means the same. */
    public String described() {
        return mapping + " ("
                + columns(column -> column.name() + " " + column.type() + " as " + mapping.targetColumn(column.name()))
                + ")";
    }

    /** The rows of the slice, for use behind FROM on the source. */
    public String rows(Dialect source) {
        return source.quote(name()) + mapping.where(source);
    }

    /** @param range a further condition on the rows; empty for all rows of the slice */
    public String exportSql(Dialect dialect, String range) {
        return "COPY (SELECT " + columns(column -> exported(dialect, column)) + " FROM " + rows(dialect, range)
                + ") TO STDOUT";
    }

    /** For sources without COPY: what {@link Dialect#read} reads. */
    public String selectSql(Dialect dialect, String range) {
        return "SELECT " + columns(column -> dialect.selected(dialect.quote(column.name()), column.type())) + " FROM "
                + rows(dialect, range);
    }

    private String rows(Dialect dialect, String range) {
        return dialect.quote(name())
                + mapping.rows()
                        .map(rows -> " WHERE " + rows.sql(dialect) + (range.isEmpty() ? "" : " AND " + range))
                        .orElse(range.isEmpty() ? "" : " WHERE " + range);
    }

    private String exported(Dialect dialect, Column column) {
        String name = dialect.quote(column.name());
        if (asNumbers.contains(column.name())) {
            return name + "::int4";
        }
        // The output of xml drops the declaration of the encoding; its cast to text keeps every byte.
        return column.type().baseName().equals("xml") ? name + "::text" : name;
    }

    public String importSql(Dialect dialect) {
        return "COPY " + dialect.quote(target()) + " ("
                + columns(column -> dialect.quote(mapping.targetColumn(column.name()))) + ") FROM STDIN";
    }
}

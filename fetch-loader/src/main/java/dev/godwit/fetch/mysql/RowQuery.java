package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.plan.TablePlan;
import java.util.List;

/**
 * Which rows to read, and how their values become text. It can be told to another process.
 *
 * @param sql a query whose columns are the fields
 */
record RowQuery(String sql, List<Field> fields) {

    /**
     * One column.
     *
     * @param asBoolean whether it is a boolean on the target, which takes 0 and 1 and nothing else
     * @param key whether it belongs to the primary key, by which messages name a row
     */
    record Field(String column, TypeKind kind, boolean asBoolean, boolean key) {}

    /** @param range a further condition; empty for the whole slice */
    static RowQuery of(TablePlan table, Dialect source, String range) {
        return new RowQuery(
                table.selectSql(source, range),
                table.sourceColumns().stream()
                        .map(column -> new Field(
                                column.name(),
                                column.type().kind(),
                                table.asBooleans().contains(column.name()),
                                table.table().primaryKey().contains(column.name())))
                        .toList());
    }
}

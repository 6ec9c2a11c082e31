package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.TableSlice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tables of a load.
 *
 * @param levels parents before children, by the foreign keys of the target
 * @param recreated the tables of the target, where they are to be made anew
 */
record MysqlLoadPlan(List<List<Entry>> levels, Optional<MysqlTables> recreated) {

    MysqlLoadPlan recreating(MysqlTables tables) {
        return new MysqlLoadPlan(levels, Optional.of(tables));
    }

    List<Table> tables() {
        return entries().stream().map(Entry::table).toList();
    }

    /**
     * One table.
     *
     * @param table as the source has it
     * @param inOnePiece whether its rows refer to each other, so that they must arrive together
     */
    record Entry(TableSlice slice, Table table, boolean inOnePiece) {
        List<Column> columns() {
            return table.writableColumns().stream()
                    .filter(column -> !column.hidden())
                    .toList();
        }

        /** @param range a further condition; empty for the whole slice */
        String selectSql(Dialect source, String range) {
            String where = slice.filter()
                    .map(filter -> " WHERE (" + filter.sql(source) + ")" + (range.isEmpty() ? "" : " AND " + range))
                    .orElse(range.isEmpty() ? "" : " WHERE " + range);
            return columns().stream()
                            .map(column -> source.selected(source.quote(column.name()), column.type()))
                            .collect(Collectors.joining(", ", "SELECT ", ""))
                    + " FROM " + source.quote(table.name()) + where;
        }

        String copySql(Dialect target) {
            return columns().stream()
                    .map(column -> target.quote(column.name()))
                    .collect(Collectors.joining(", ", "COPY " + target.quote(table.name()) + " (", ") FROM STDIN"));
        }
    }

    List<Entry> entries() {
        return levels.stream().flatMap(List::stream).toList();
    }

    List<TableName> names() {
        return entries().stream().map(entry -> entry.table().name()).toList();
    }
}

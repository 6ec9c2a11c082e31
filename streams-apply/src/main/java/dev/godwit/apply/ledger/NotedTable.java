package dev.godwit.apply.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.ColumnType;
import java.util.List;

/**
 * What {@code _godwit.captured_table} holds of a table: as much of the replication source's as its messages are read by.
 *
 * @param key the columns of the primary key, in its order
 * @param columns in the order of the table
 */
public record NotedTable(List<String> key, List<NotedColumn> columns) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public NotedTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param kind of the type; of an array with that of its elements
     * @param type as a user writes it, with its modifier
     */
    public record NotedColumn(String name, String kind, String type) {}

    public static NotedTable of(Table table) {
        return new NotedTable(
                table.primaryKey(),
                table.columns().stream().map(NotedTable::column).toList());
    }

    public static NotedColumn column(Column column) {
        return new NotedColumn(column.name(), kind(column.type()), column.type().name());
    }

    private static String kind(ColumnType type) {
        return type.element() == null ? type.kind().name() : type.kind().name() + " OF " + kind(type.element());
    }

    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static NotedTable parse(String text) {
        try {
            return JSON.readValue(text, NotedTable.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("definition in _godwit.captured_table is damaged: " + text, e);
        }
    }
}

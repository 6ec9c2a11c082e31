package dev.godwit.database.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of the catalog.
 *
 * @param columns in the order of the table
 * @param primaryKey the names of the key columns in key order; empty if the table has no primary key
 */
public record Table(
        TableName name,
        List<Column> columns,
        List<String> primaryKey,
        List<UniqueKey> uniqueKeys,
        ReplicaIdentity replicaIdentity,
        Map<String, Column> columnsByName) {

    /** The columns by name follow from the columns. */
    public Table(
            TableName name,
            List<Column> columns,
            List<String> primaryKey,
            List<UniqueKey> uniqueKeys,
            ReplicaIdentity replicaIdentity) {
        this(
                name,
                List.copyOf(columns),
                List.copyOf(primaryKey),
                List.copyOf(uniqueKeys),
                replicaIdentity,
                byName(columns));
    }

    private static Map<String, Column> byName(List<Column> columns) {
        Map<String, Column> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        return byName;
    }

    /** By exact name. */
    public Optional<Column> column(String columnName) {
        return Optional.ofNullable(columnsByName.get(columnName));
    }

    /** @throws IllegalArgumentException if there is no such column */
    public Column requireColumn(String columnName) {
        Column column = columnsByName.get(columnName);
        if (column == null) {
            throw new IllegalArgumentException("table " + name + " has no column \"" + columnName + "\"");
        }
        return column;
    }

    /** In key order. */
    public List<Column> primaryKeyColumns() {
        return primaryKey.stream().map(this::requireColumn).toList();
    }

    /** All but computed columns, in the order of the table. */
    public List<Column> writableColumns() {
        return columns.stream().filter(Column::isWritable).toList();
    }

    @Override
    public String toString() {
        return name.toString();
    }
}

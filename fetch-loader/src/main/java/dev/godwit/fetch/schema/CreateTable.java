package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statement that makes a table as a load needs it: columns, computed ones too, NOT NULL and the primary key. */
final class CreateTable {
    private CreateTable() {}

    static String sql(Dialect target, MappedTable mapping, TableDefinition source, TypeMapFile types) {
        List<String> parts = new ArrayList<>();
        for (ColumnDefinition column : source.columns) {
            if (!mapping.leftOut().contains(column.name())) {
                parts.add(column(target, source.name(), column, mapping, types));
            }
        }
        List<String> key = source.table.primaryKey();
        if (!key.isEmpty() && key.stream().noneMatch(mapping.leftOut()::contains)) {
            parts.add(source.primaryKeyName
                            .map(name -> "CONSTRAINT " + target.quote(name) + " ")
                            .orElse("")
                    + "PRIMARY KEY ("
                    + key.stream().map(mapping::targetColumn).map(target::quote).collect(Collectors.joining(", "))
                    + ")");
        }
        return "CREATE TABLE " + target.quote(mapping.target()) + " (" + String.join(", ", parts) + ")";
    }

    private static String column(
            Dialect target, TableName table, ColumnDefinition column, MappedTable mapping, TypeMapFile types) {
        String type = types.typeOf(table, column.column()).orElseGet(() -> TargetTypes.of(target.product(), column));
        StringBuilder sql = new StringBuilder(target.quote(mapping.targetColumn(column.name())))
                .append(' ')
                .append(type);
        if (target.product() == Product.POSTGRESQL
                && types.typeOf(table, column.column()).isEmpty()) {
            column.collation().ifPresent(collation -> sql.append(" COLLATE ").append(collation));
        }
        if (column.isComputed()) {
            sql.append(" GENERATED ALWAYS AS (")
                    .append(column.expression().orElseThrow())
                    .append(") STORED");
        }
        if (!column.column().nullable()) {
            sql.append(" NOT NULL");
        }
        return sql.toString();
    }
}

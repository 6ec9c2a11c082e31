package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.filter.RowFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Renders the statements of {@link ArrayWrite}, which PostgreSQL and CockroachDB both take.
 *
 * <p>Every column travels as {@code text[]} and is cast to its type inside the statement. That carries array columns too, which
 * {@code unnest} of an array of arrays would flatten.
 */
final class ArrayWriteSql {
    private final Dialect dialect;

    ArrayWriteSql(Dialect dialect) {
        this.dialect = dialect;
    }

    String upsert(Table table, List<Column> columns) {
        requireKey(table, columns);
        String overriding = columns.stream().anyMatch(column -> column.generation() == Generation.IDENTITY_ALWAYS)
                ? " OVERRIDING SYSTEM VALUE"
                : "";
        List<Column> overwritten = overwritten(table, columns);
        String conflict = overwritten.isEmpty()
                ? "DO NOTHING"
                : "DO UPDATE SET " + join(overwritten, column -> quote(column) + " = excluded." + quote(column));
        return "INSERT INTO " + dialect.quote(table.name()) + " (" + join(columns, this::quote) + ")" + overriding
                + " SELECT " + casts(columns) + " FROM " + unnest(columns)
                + " ON CONFLICT (" + join(table.primaryKeyColumns(), this::quote) + ") " + conflict;
    }

    /**
     * CockroachDB's {@code UPSERT}: where all columns of the table are given it writes without reading the row first, if no secondary
     * index needs the old values.
     */
    String blindUpsert(Table table, List<Column> columns) {
        requireKey(table, columns);
        return "UPSERT INTO " + dialect.quote(table.name()) + " (" + join(columns, this::quote) + ") SELECT "
                + casts(columns) + " FROM " + unnest(columns);
    }

    String update(Table table, List<Column> columns) {
        requireKey(table, columns);
        List<Column> overwritten = overwritten(table, columns);
        if (overwritten.isEmpty()) {
            throw new IllegalArgumentException("an update of " + table + " without a column to write");
        }
        return "UPDATE " + dialect.quote(table.name()) + " AS t SET "
                + join(overwritten, column -> quote(column) + " = " + cast(columns, column))
                + " FROM " + unnest(columns) + " WHERE "
                + table.primaryKeyColumns().stream()
                        .map(key -> "t." + quote(key) + " = " + cast(columns, key))
                        .collect(Collectors.joining(" AND "));
    }

    String delete(Table table, Optional<RowFilter> slice) {
        List<Column> key = table.primaryKeyColumns();
        requireKey(table, key);
        String left = key.size() == 1 ? quote(key.get(0)) : "(" + join(key, this::quote) + ")";
        return "DELETE FROM " + dialect.quote(table.name()) + " WHERE " + left + " IN (SELECT " + casts(key) + " FROM "
                + unnest(key) + ")"
                + slice.map(filter -> " AND (" + filter.sql(dialect) + ")").orElse("");
    }

    private static List<Column> overwritten(Table table, List<Column> columns) {
        List<Column> overwritten = new ArrayList<>();
        for (Column column : columns) {
            // GENERATED ALWAYS AS IDENTITY may be inserted (OVERRIDING SYSTEM VALUE) but never updated.
            if (!table.primaryKey().contains(column.name()) && column.generation() != Generation.IDENTITY_ALWAYS) {
                overwritten.add(column);
            }
        }
        return overwritten;
    }

    private static void requireKey(Table table, List<Column> columns) {
        if (table.primaryKey().isEmpty() || !columns.containsAll(table.primaryKeyColumns())) {
            throw new IllegalArgumentException("a write into " + table + " without its primary key");
        }
    }

    private static String unnest(List<Column> columns) {
        List<String> parameters = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parameters.add("?::text[]");
            aliases.add("c" + i);
        }
        return "unnest(" + String.join(", ", parameters) + ") AS x(" + String.join(", ", aliases) + ")";
    }

    private static String casts(List<Column> columns) {
        return join(columns, column -> cast(columns, column));
    }

    private static String cast(List<Column> columns, Column column) {
        return "x.c" + columns.indexOf(column) + "::" + column.type().castName();
    }

    private String quote(Column column) {
        return dialect.quote(column.name());
    }

    private static String join(List<Column> columns, Function<Column, String> text) {
        return columns.stream().map(text).collect(Collectors.joining(", "));
    }
}

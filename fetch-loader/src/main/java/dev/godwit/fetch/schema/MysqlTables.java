package dev.godwit.fetch.schema;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of the target, to be made anew from those of MySQL: enum types, columns, computed ones too, NOT NULL and the primary key now; all else as
 * statements for later. Immutable.
 */
public final class MysqlTables implements RecreatedTables {
    private final Dialect target;
    private final List<Table> tables;
    private final Map<TableName, MappedTable> mappings;
    private final TypeMapFile typeMap;
    /** By table and column. */
    private final Map<TableName, Map<String, String>> computed;

    private final List<String> leftOut;

    private MysqlTables(
            Dialect target,
            List<Table> tables,
            Map<TableName, MappedTable> mappings,
            TypeMapFile typeMap,
            Map<TableName, Map<String, String>> computed,
            List<String> leftOut) {
        this.target = target;
        this.tables = List.copyOf(tables);
        this.mappings = Map.copyOf(mappings);
        this.typeMap = typeMap;
        this.computed = Map.copyOf(computed);
        this.leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads the definitions and writes nothing.
     *
     * @param mappings for each of the tables; columns keep their names
     * @throws RefusedException if several of them would become one table, a column is computed in a way that is not sure to mean the same on the target, or
     *     a rule of the type map is about nothing
     */
    public static MysqlTables read(
            Connection source,
            Catalog catalog,
            Dialect target,
            List<Table> tables,
            Map<TableName, MappedTable> mappings,
            TypeMapFile typeMap)
            throws SQLException {
        typeMap.requireUsed(tables);
        List<MysqlProblem> problems = new ArrayList<>();
        Set<TableName> made = new HashSet<>();
        List<Table> views = new ArrayList<>();
        Map<TableName, Map<String, String>> computed = new HashMap<>();
        for (Table table : tables) {
            MappedTable mapping = mappings.get(table.name());
            if (!made.add(mapping.target())) {
                problems.add(new MysqlProblem(
                        "several tables of the source are merged into " + mapping.target()
                                + ", which cannot be made from all of them",
                        "make " + mapping.target()
                                + " on the target yourself, and choose the table handling none or truncate-if-exists"));
            }
            Table view = mapping.sourceView(table);
            views.add(view);
            MysqlComputedColumns columns = MysqlComputedColumns.read(source, target, view, typeMap);
            problems.addAll(columns.problems());
            computed.put(view.name(), columns.expressions());
        }
        MysqlProblem.refuseIfAny(problems);
        return new MysqlTables(
                target,
                views,
                mappings,
                typeMap,
                computed,
                MysqlLeftOut.read(source, catalog, target, views, mappings));
    }

    private TableName target(Table table) {
        return mappings.get(table.name()).target();
    }

    @Override
    public void make(Connection connection) throws SQLException {
        MakingTables.run(connection, target.product(), statements());
    }

    private Set<String> statements() {
        Set<String> statements = new LinkedHashSet<>();
        // All at once, so that foreign keys between them do not matter.
        statements.add(tables.stream()
                .map(table -> target.quote(target(table)))
                .collect(Collectors.joining(", ", "DROP TABLE IF EXISTS ", "")));
        for (Table table : tables) {
            statements.add(
                    "CREATE SCHEMA IF NOT EXISTS " + target.quote(target(table).schema()));
            for (Column column : table.columns()) {
                if (column.type().kind() == TypeKind.ENUM
                        && typeMap.typeOf(table.name(), column).isEmpty()) {
                    statements.add("DROP TYPE IF EXISTS " + enumType(table, column));
                    statements.add(column.type().labels().stream()
                            .map(target::literal)
                            .collect(Collectors.joining(
                                    ", ", "CREATE TYPE " + enumType(table, column) + " AS ENUM (", ")")));
                }
            }
            statements.add(create(table));
        }
        return statements;
    }

    private String create(Table table) {
        List<String> parts = new ArrayList<>();
        for (Column column : table.columns()) {
            if (!column.hidden()) {
                parts.add(target.quote(column.name()) + " "
                        + typeMap.typeOf(table.name(), column)
                                .orElseGet(() ->
                                        MysqlTargetTypes.of(target.product(), column.type(), enumType(table, column)))
                        + generated(table, column)
                        + (column.nullable() ? "" : " NOT NULL"));
            }
        }
        parts.add(
                table.primaryKey().stream().map(target::quote).collect(Collectors.joining(", ", "PRIMARY KEY (", ")")));
        return "CREATE TABLE " + target.quote(target(table)) + " (" + String.join(", ", parts) + ")";
    }

    private String generated(Table table, Column column) {
        return column.isWritable()
                ? ""
                : " GENERATED ALWAYS AS (" + computed.get(table.name()).get(column.name()) + ") STORED";
    }

    /** MySQL's enums have no names. */
    private String enumType(Table table, Column column) {
        return target.quote(new TableName(target(table).schema(), target(table).name() + "_" + column.name()));
    }

    @Override
    public String leftOut() {
        return TargetTables.leftOut(
                target.product(), tables.stream().map(this::target).toList(), leftOut);
    }
}

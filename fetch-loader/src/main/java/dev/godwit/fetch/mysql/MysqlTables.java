package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.schema.TypeMapFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of the target, to be made anew from those of MySQL: enum types, columns, NOT NULL and the primary key now; all else as statements for
 * later. Immutable.
 */
final class MysqlTables {
    private final Dialect target;
    private final List<Table> tables;
    private final TypeMapFile typeMap;
    private final List<String> leftOut;

    private MysqlTables(Dialect target, List<Table> tables, TypeMapFile typeMap, List<String> leftOut) {
        this.target = target;
        this.tables = List.copyOf(tables);
        this.typeMap = typeMap;
        this.leftOut = List.copyOf(leftOut);
    }

    /** Reads the definitions and writes nothing. */
    static MysqlTables read(Connection source, Catalog catalog, Dialect target, List<Table> tables, TypeMapFile typeMap)
            throws SQLException {
        typeMap.requireUsed(tables);
        return new MysqlTables(target, tables, typeMap, MysqlLeftOut.read(source, catalog, target, tables));
    }

    /** What keeps a table from being made. */
    static List<MysqlProblem> problems(List<Table> tables) {
        List<MysqlProblem> problems = new ArrayList<>();
        for (Table table : tables) {
            for (Column column : table.columns()) {
                if (column.generation() == Generation.COMPUTED) {
                    problems.add(
                            new MysqlProblem(
                                    "column \"" + column.name() + "\" of table " + table
                                            + " is computed, by an expression in MySQL's own words",
                                    "make the table on the target yourself, and choose the table handling none or truncate-if-exists"));
                }
            }
        }
        return problems;
    }

    /** Drops the tables where they are, and makes them, in one transaction. */
    void make(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private Set<String> statements() {
        Set<String> statements = new LinkedHashSet<>();
        // All at once, so that foreign keys between them do not matter.
        statements.add(tables.stream()
                .map(table -> target.quote(table.name()))
                .collect(Collectors.joining(", ", "DROP TABLE IF EXISTS ", "")));
        for (Table table : tables) {
            statements.add(
                    "CREATE SCHEMA IF NOT EXISTS " + target.quote(table.name().schema()));
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
                        + (column.nullable() ? "" : " NOT NULL"));
            }
        }
        parts.add(
                table.primaryKey().stream().map(target::quote).collect(Collectors.joining(", ", "PRIMARY KEY (", ")")));
        return "CREATE TABLE " + target.quote(table.name()) + " (" + String.join(", ", parts) + ")";
    }

    /** MySQL's enums have no names. */
    private String enumType(Table table, Column column) {
        return target.quote(new TableName(table.name().schema(), table.name().name() + "_" + column.name()));
    }

    /** SQL for a file that finishes the tables after the load: one statement a line, with comments where something cannot be made. */
    List<String> leftOut() {
        return leftOut;
    }

    List<TableName> names() {
        return tables.stream().map(Table::name).toList();
    }
}

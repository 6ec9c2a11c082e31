package dev.godwit.database.mysql;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the tables of a phase can be replicated from MySQL, and be written back to. */
public final class MysqlTablesCheck {
    /** On a table, on a column. */
    private static final Set<Integer> PRIVILEGE_LACKS = Set.of(1142, 1143);

    private static final TypeKind[] FLOATS = {TypeKind.FLOAT4, TypeKind.FLOAT8};

    private final Connection connection;
    private final Catalog catalog;
    /** Whether dates that no calendar has may come in, and are to become NULL. */
    private final boolean zeroDates;

    private final List<MysqlProblem> problems = new ArrayList<>();

    private MysqlTablesCheck(Connection connection, Catalog catalog, boolean zeroDates) {
        this.zeroDates = zeroDates;
        this.connection = connection;
        this.catalog = catalog;
    }

    /**
     * Reads only; tables that are not there are left to others.
     *
     * @param zeroDatesAreNull whether the user takes NULL for dates that no calendar has
     */
    public static List<MysqlProblem> problems(
            Connection connection, Catalog catalog, Collection<TableName> tables, boolean zeroDatesAreNull)
            throws SQLException {
        return problems(connection, catalog, tables, zeroDatesAreNull, true);
    }

    /**
     * As {@link #problems(Connection, Catalog, Collection, boolean)}.
     *
     * @param replicated whether replication is to follow; if not, only what hinders a consistent reading counts
     */
    public static List<MysqlProblem> problems(
            Connection connection,
            Catalog catalog,
            Collection<TableName> tables,
            boolean zeroDatesAreNull,
            boolean replicated)
            throws SQLException {
        MysqlTablesCheck check =
                new MysqlTablesCheck(connection, catalog, zeroDatesAreNull && allowsZeroDates(connection));
        for (TableName name : tables) {
            if (catalog.table(name).isPresent()) {
                check.table(catalog.table(name).get());
                if (replicated) {
                    check.computedKey(catalog.table(name).get());
                    check.trigger(catalog.table(name).get());
                    check.privileges(catalog.table(name).get());
                } else {
                    check.readable(catalog.table(name).get());
                }
            }
        }
        if (replicated) {
            check.foreignKeys(tables);
        }
        return List.copyOf(check.problems);
    }

    private void table(Table table) throws SQLException {
        for (Column column : table.columns()) {
            if (column.isWritable() && !column.type().isSupported()) {
                add(
                        "column \"" + column.name() + "\" of table " + table + " has the type " + column.type()
                                + ", which Godwit does not carry",
                        "leave the table out of the phase");
            }
        }
        for (Column column : table.columns()) {
            if (zeroDates && isDated(column) && !column.nullable()) {
                add(
                        "column \"" + column.name() + "\" of table " + table
                                + " is NOT NULL, so a date that no calendar has cannot become NULL in it, and the server lets such dates in",
                        "SET PERSIST sql_mode = CONCAT(@@global.sql_mode, ',NO_ZERO_DATE'); sessions that are open keep their setting;"
                                + " or let the column take NULL");
            }
        }
        for (Column key : table.primaryKeyColumns()) {
            if (List.of(FLOATS).contains(key.type().kind())) {
                add(
                        "the primary key of table " + table + " has the column \"" + key.name() + "\" of type "
                                + key.type() + ", whose values no statement can name exactly",
                        "change the column to DECIMAL, or leave the table out of the phase");
            }
        }
        String engine = text(
                "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
                table);
        if (!"InnoDB".equalsIgnoreCase(engine)) {
            add(
                    "table " + table + " is kept by " + engine + ", which has no transactions",
                    "ALTER TABLE `" + table.name().name() + "` ENGINE = InnoDB;");
        }
    }

    private void computedKey(Table table) {
        for (Column key : table.primaryKeyColumns()) {
            if (!key.isWritable()) {
                add(
                        "the primary key of table " + table + " has the computed column \"" + key.name()
                                + "\", which nobody can write, so no row is found again by it",
                        "give the table a key of columns that are not computed, or leave the table out of the phase");
            }
        }
    }

    private void trigger(Table table) throws SQLException {
        String trigger = text(
                "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = DATABASE()"
                        + " AND event_object_table = ? LIMIT 1",
                table);
        if (trigger != null) {
            add(
                    "table " + table + " has the trigger " + trigger
                            + ", which would act again on every row that failback writes",
                    "drop the trigger before step 10 and let the application do its work, or leave the table out of the phase");
        }
    }

    private static boolean isDated(Column column) {
        TypeKind kind = column.type().kind();
        return kind == TypeKind.DATE || kind == TypeKind.TIMESTAMP || kind == TypeKind.TIMESTAMPTZ;
    }

    private static boolean allowsZeroDates(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.sql_mode")) {
            row.next();
            return !row.getString(1).contains("NO_ZERO_DATE");
        }
    }

    /** Asks for the plans of statements that change nothing: the server wants the same privileges for a plan as for the statement. */
    private void privileges(Table table) throws SQLException {
        if (table.primaryKeyColumns().stream().noneMatch(Column::isWritable)) {
            return; // said already
        }
        String name = '`' + table.name().name().replace("`", "``") + '`';
        String key = '`'
                + table.primaryKeyColumns().stream()
                        .filter(Column::isWritable)
                        .findFirst()
                        .orElseThrow()
                        .name()
                        .replace("`", "``")
                + '`';
        Map<String, String> statements = new LinkedHashMap<>();
        statements.put("SELECT", "SELECT * FROM " + name + " WHERE FALSE");
        statements.put(
                "INSERT", "INSERT INTO " + name + " (" + key + ") SELECT " + key + " FROM " + name + " WHERE FALSE");
        statements.put("UPDATE", "UPDATE " + name + " SET " + key + " = " + key + " WHERE FALSE");
        statements.put("DELETE", "DELETE FROM " + name + " WHERE FALSE");
        List<String> lacking = new ArrayList<>();
        for (Map.Entry<String, String> statement : statements.entrySet()) {
            if (!mayRun(statement.getValue())) {
                lacking.add(statement.getKey());
            }
        }
        if (!lacking.isEmpty()) {
            String user = user();
            add(
                    "the source's user " + user + " lacks on table " + table + " the privileges " + lacking
                            + ", which replication and the way back need",
                    "GRANT " + String.join(", ", lacking) + " ON " + name + " TO " + user + ";");
        }
    }

    private void readable(Table table) throws SQLException {
        String name = '`' + table.name().name().replace("`", "``") + '`';
        if (!mayRun("SELECT * FROM " + name + " WHERE FALSE")) {
            add(
                    "the source's user " + user() + " may not read table " + table,
                    "GRANT SELECT ON " + name + " TO " + user() + ";");
        }
    }

    private String user() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_user()")) {
            row.next();
            return row.getString(1).replaceFirst("^(.*)@(.*)$", "'$1'@'$2'");
        }
    }

    private boolean mayRun(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("EXPLAIN " + sql).close();
            return true;
        } catch (SQLException e) {
            if (PRIVILEGE_LACKS.contains(e.getErrorCode())) {
                return false;
            }
            throw e;
        }
    }

    /** InnoDB carries such actions out by itself and does not log them. */
    private void foreignKeys(Collection<TableName> tables) {
        for (ForeignKey key : catalog.foreignKeys()) {
            if (key.changesChildren() && tables.contains(key.child())) {
                add(
                        "foreign key " + key.name() + " of table " + key.child()
                                + " deletes or changes rows by itself, and MySQL does not log what it does",
                        "make it ON DELETE RESTRICT ON UPDATE RESTRICT, or leave the table out of the phase");
            }
        }
    }

    private String text(String sql, Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.name().name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private void add(String message, String remedy) {
        problems.add(new MysqlProblem(message, remedy));
    }
}

package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.verify.checksum.SqlNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the rows of one side that have given keys, as they are at the moment of the call. */
final class KeyedRows implements AutoCloseable {
    private final Database database;
    private final TablePlan plan;
    private final boolean ofSource;
    private final StopSignal stop;
    private final Connection connection;
    private final Statement statement;

    private KeyedRows(Database database, TablePlan plan, boolean ofSource, StopSignal stop, Connection connection)
            throws SQLException {
        this.database = database;
        this.plan = plan;
        this.ofSource = ofSource;
        this.stop = stop;
        this.connection = connection;
        this.statement = connection.createStatement();
        // Braces in the user's SQL are his.
        statement.setEscapeProcessing(false);
        stop.watch(connection);
    }

    static KeyedRows ofSource(Database source, TablePlan plan, StopSignal stop) throws SQLException {
        return open(source, plan, true, stop);
    }

    static KeyedRows ofTarget(Database target, TablePlan plan, StopSignal stop) throws SQLException {
        return open(target, plan, false, stop);
    }

    private static KeyedRows open(Database database, TablePlan plan, boolean ofSource, StopSignal stop)
            throws SQLException {
        Connection connection = ReadSession.open(database, Optional.empty());
        try {
            return new KeyedRows(database, plan, ofSource, stop, connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * The rows by their keys; those that are not there, or not in the slice, lack.
     *
     * @param keys some hundred at most
     */
    Map<RowKey, KeyedRow> read(Collection<List<String>> keys) throws SQLException {
        Map<RowKey, KeyedRow> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found;
        }
        try (ResultSet rows = statement.executeQuery(sql(keys))) {
            while (rows.next()) {
                String[] values = new String[plan.columns().size()];
                for (int i = 0; i < values.length; i++) {
                    Column column = column(plan.columns().get(i));
                    values[i] = database.dialect().read(rows, i + 1, column.type());
                }
                KeyedRow row = new KeyedRow(values, rows.getString(values.length + 1));
                found.put(plan.rowKey(row.key(plan)), row);
            }
        }
        // So that the next call sees what was committed meanwhile.
        connection.rollback();
        return found;
    }

    private String sql(Collection<List<String>> keys) {
        return database.product() == Product.MYSQL ? mysqlSql(keys) : arraysSql(keys);
    }

    /** MySQL has no arrays to join with, but finds the keys of a list of conditions by their index. */
    private String mysqlSql(Collection<List<String>> keys) {
        SqlNames names = new SqlNames(database.dialect());
        List<Column> key = plan.key().stream()
                .map(part -> column(plan.columns().get(part)))
                .toList();
        String any = keys.stream()
                .map(values -> IntStream.range(0, key.size())
                        .mapToObj(i -> names.mysqlEquals(key.get(i), values.get(i)))
                        .collect(Collectors.joining(" AND ", "(", ")")))
                .collect(Collectors.joining(" OR ", "(", ")"));
        String slice = ofSource
                ? plan.pair().sourceWhere(database.dialect())
                : plan.pair().targetWhere(database.dialect());
        return "SELECT "
                + plan.columns().stream().map(this::column).map(names::copied).collect(Collectors.joining(", "))
                + ", NULL FROM " + (ofSource ? plan.sourceRelation() : plan.targetRelation()) + " AS t"
                + (slice.isEmpty() ? " WHERE " : slice + " AND ") + any;
    }

    private String arraysSql(Collection<List<String>> keys) {
        SelectSql select = new SelectSql(database.dialect());
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < plan.key().size(); i++) {
            Column column = column(plan.columns().get(plan.key().get(i)));
            List<String> literals = new ArrayList<>();
            for (List<String> key : keys) {
                literals.add(literal(key.get(i)));
            }
            arrays.add("ARRAY[" + String.join(",", literals) + "]::text[]");
            String name = "_godwit_key_" + i;
            names.add(name);
            conditions.add("t." + database.dialect().quote(column.name()) + " = k." + name + "::"
                    + column.type().castName());
        }
        String where = ofSource
                ? plan.pair().sourceWhere(database.dialect())
                : plan.pair().targetWhere(database.dialect());
        return "SELECT "
                + select.texts(plan.columns().stream().map(this::column).toList()) + ", " + version()
                + " FROM " + (ofSource ? plan.sourceRelation() : plan.targetRelation()) + " AS t JOIN unnest("
                + String.join(", ", arrays) + ") AS k(" + String.join(", ", names) + ") ON "
                + String.join(" AND ", conditions) + where;
    }

    private Column column(ComparedColumn column) {
        return ofSource ? column.source() : column.target();
    }

    private String version() {
        if (ofSource && plan.pair().isMerged()) {
            return "t." + PairedTables.MERGED_VERSION;
        }
        return "t." + PairedTables.version(database.product());
    }

    private String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return database.product() == Product.POSTGRESQL ? quoted : quoted + "::STRING";
    }

    @Override
    public void close() throws SQLException {
        stop.forget(connection);
        connection.close();
    }
}

package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.mysql.MysqlServerCheck;
import dev.godwit.database.mysql.MysqlTablesCheck;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.schema.MysqlComputedColumns;
import dev.godwit.fetch.schema.MysqlTables;
import dev.godwit.fetch.schema.RecreatedTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A MySQL source. */
record MysqlChecks(Connection source, FetchRequest request, Problems problems) implements SourceChecks {

    /** A restart of the server ends its sessions and with them every snapshot, which is noticed there; files stay good. */
    @Override
    public String instance() throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@server_uuid, DATABASE()")) {
            row.next();
            return row.getString(1) + '\n' + row.getString(2);
        }
    }

    @Override
    public void checkServer() throws SQLException {
        if (request.checkpoint().isTaken()) {
            addAll(MysqlServerCheck.problems(source, zeroDatesAreNull()));
        }
    }

    private boolean zeroDatesAreNull() {
        return request.source().url().zeroDatesAreNull();
    }

    private boolean addAll(List<MysqlProblem> found) {
        found.forEach(problem -> problems.add(problem.message(), problem.remedy()));
        return !found.isEmpty();
    }

    /** Columns that are left out do not matter. */
    @Override
    public Set<TableName> checkTables(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        Set<TableName> broken = new HashSet<>();
        for (Table table : tables) {
            List<ForeignKey> keys = catalog.foreignKeys().stream()
                    .filter(key -> key.child().equals(table.name()))
                    .toList();
            Table view = mappings.get(table.name()).sourceView(table);
            Catalog own = new Catalog(List.of(view), keys);
            boolean unfit = addAll(MysqlTablesCheck.problems(
                    source,
                    own,
                    Set.of(table.name()),
                    zeroDatesAreNull(),
                    request.checkpoint().isTaken()));
            if (isComputedUnsurely(view) || unfit) {
                broken.add(table.name());
            }
        }
        return broken;
    }

    /** Whether the table cannot be made, since nobody is sure what a column that is computed would be there. */
    private boolean isComputedUnsurely(Table table) throws SQLException {
        return request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE
                && addAll(MysqlComputedColumns.read(
                                source,
                                request.target().dialect(),
                                table,
                                request.tableOptions().typeMap())
                        .problems());
    }

    /** MySQL's enums have no names, and the labels are compared with those of the column's. */
    @Override
    public Set<TableName> checkUserTypes(Connection target, List<Table> tables, Map<TableName, MappedTable> mappings) {
        return Set.of();
    }

    @Override
    public TableFacts facts(TableName table) throws SQLException {
        Set<String> defaults = new HashSet<>(strings(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
                        + " AND (column_default IS NOT NULL OR extra <> '')",
                table));
        Set<String> columns = strings(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
                table);
        Set<String> checks = strings(
                "SELECT c.check_clause FROM information_schema.check_constraints c JOIN"
                        + " information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema AND"
                        + " t.constraint_name = c.constraint_name WHERE t.table_schema = DATABASE() AND t.table_name = ?",
                table);
        Set<String> checked = columns.stream()
                .filter(column -> checks.stream().anyMatch(clause -> clause.contains('`' + column + '`')))
                .collect(Collectors.toSet());
        // What a collation takes for equal is told apart by its bytes everywhere in Godwit.
        return new TableFacts(defaults, checked, Map.of());
    }

    @Override
    public Set<String> indexed(TableName table) throws SQLException {
        return strings(
                "SELECT column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?"
                        + " AND seq_in_index = 1 AND column_name IS NOT NULL",
                table);
    }

    private Set<String> strings(String sql, TableName table) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }

    @Override
    public RecreatedTables recreated(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        return MysqlTables.read(
                source,
                catalog,
                request.target().dialect(),
                tables,
                mappings,
                request.tableOptions().typeMap());
    }
}

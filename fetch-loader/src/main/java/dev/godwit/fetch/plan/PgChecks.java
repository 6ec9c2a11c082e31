package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.schema.RecreatedTables;
import dev.godwit.fetch.schema.TargetTables;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A PostgreSQL source. */
record PgChecks(Connection source, FetchRequest request, Problems problems, boolean continued) implements SourceChecks {
    private static final String FIRST_COLUMNS = "SELECT DISTINCT a.attname FROM pg_catalog.pg_index i"
            + " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
            + " WHERE i.indisvalid AND n.nspname = ? AND c.relname = ?";

    @Override
    public String instance() throws SQLException {
        return instance(source);
    }

    static String instance(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT version(), pg_postmaster_start_time(), current_database()")) {
            row.next();
            return row.getString(1) + '\n' + row.getString(2) + '\n' + row.getString(3);
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            // CockroachDB has no such function, and is never the source.
            return "no PostgreSQL";
        }
    }

    @Override
    public void checkServer() throws SQLException {
        new ServerChecks(request, problems, continued).checkSource(source);
    }

    @Override
    public Set<TableName> checkTables(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        return new TableCapabilities(request, problems)
                .checkSource(source, tables.stream().map(Table::name).toList());
    }

    @Override
    public Set<TableName> checkUserTypes(Connection target, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        return new TypeChecks(request, problems).checkUserTypes(source, target, tables, mappings);
    }

    @Override
    public TableFacts facts(TableName table) throws SQLException {
        return TableFacts.read(source, table);
    }

    @Override
    public Set<String> indexed(TableName table) throws SQLException {
        Set<String> indexed = new HashSet<>();
        try (PreparedStatement statement = source.prepareStatement(FIRST_COLUMNS)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    indexed.add(row.getString(1));
                }
            }
        }
        return indexed;
    }

    @Override
    public RecreatedTables recreated(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        try (Connection own = PinnedSession.open(request.source())) {
            return TargetTables.read(
                    own,
                    request.target().dialect(),
                    tables,
                    mappings,
                    request.tableOptions().typeMap());
        }
    }
}

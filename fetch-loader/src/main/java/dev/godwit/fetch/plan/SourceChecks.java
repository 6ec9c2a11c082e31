package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.schema.RecreatedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has to be asked of the source in words of its own product. Problems go to the {@link Problems} of the load; nothing is written. */
interface SourceChecks {

    /** Something that only one database in the world has, by whatever address it was reached. */
    String instance() throws SQLException;

    /** Whether the server lets the load take its checkpoint. */
    void checkServer() throws SQLException;

    /** Whether the user may read the tables, and, if a checkpoint is taken, whether they can be replicated. Returns those that have a problem. */
    Set<TableName> checkTables(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException;

    /** Whether types that users have made are the same on both sides. Returns the tables that have a problem. */
    Set<TableName> checkUserTypes(Connection target, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException;

    TableFacts facts(TableName table) throws SQLException;

    /** The columns that some index of the table begins with. */
    Set<String> indexed(TableName table) throws SQLException;

    /** @param tables in the order in which they are loaded */
    RecreatedTables recreated(Catalog catalog, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException;
}

package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells Debezium the definitions of tables that it captures from now on, at the place where its connector stands.
 *
 * <p>The definitions are those of now, so that place must not be before anything that has made them: else rows would be read by a definition that they
 * do not have yet, and Debezium does not take over a CREATE TABLE of a table that it knows. So the connector has to read on until it is behind
 * everything that was committed in the beginning, and nobody may change the tables in between.
 */
final class MysqlTableAddition implements TableAddition {
    /** Behind the columns; the tablespace, if it is named, stands before the engine. */
    private static final String NEXT_VALUE =
            "(\n\\)(?: /\\*![0-9]+ TABLESPACE .+? \\*/)? ENGINE=\\w+) AUTO_INCREMENT=\\d+";

    private final ForwardSettings settings;
    private final Map<TableName, String> definitions;
    private final String executed;

    /** Also writes a heartbeat to the source: Connect stores a place only with something that is sent. */
    MysqlTableAddition(ForwardSettings settings, List<TableName> tables) throws SQLException {
        this.settings = settings;
        try (Connection connection = settings.source().open();
                Statement statement = connection.createStatement()) {
            this.definitions = definitions(statement, tables);
            try (ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
                row.next();
                this.executed = row.getString(1);
            }
            statement.execute(DebeziumMysql.heartbeatQuery(settings));
        }
    }

    private Map<TableName, String> definitions(Statement statement, Iterable<TableName> tables) throws SQLException {
        statement.execute("SET SESSION sql_mode = '', sql_quote_show_create = 1"); // names in backticks
        Map<TableName, String> found = new TreeMap<>();
        for (TableName table : tables) {
            try (ResultSet row = statement.executeQuery(
                    "SHOW CREATE TABLE " + settings.source().dialect().quote(table))) {
                row.next();
                // The next value is none of the definition, and changes with every row.
                found.put(table, row.getString(2).replaceFirst(NEXT_VALUE, "$1"));
            }
        }
        return found;
    }

    @Override
    public boolean prepare(JsonNode place) {
        try (Connection connection = settings.source().open();
                Statement statement = connection.createStatement()) {
            String stored = place.path("offset").path("gtids").asText("");
            if (!MysqlSource.contains(connection, stored, executed)) {
                return false;
            }
            if (!definitions(statement, definitions.keySet()).equals(definitions)) {
                throw new ConnectorFailedException(
                        "one of the tables " + definitions.keySet() + " was changed while it was being added",
                        "leave the tables as they are, then run the same command again");
            }
        } catch (SQLException e) {
            throw new ConnectorFailedException(
                    "the " + settings.source() + " does not tell the definitions of the added tables: "
                            + e.getMessage(),
                    "mend the cause that the server names, then run the same command again");
        }
        new MysqlHistory(settings).add(definitions, place);
        return true;
    }
}

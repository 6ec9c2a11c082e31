package dev.godwit.apply.ledger;

import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code _godwit.captured_table}: by which columns a direction was last applied. Works in the transaction of the connection it
 * is given, and commits nothing.
 */
public final class NotedTables {
    private final String direction;

    public NotedTables(String direction) {
        this.direction = direction;
    }

    /**
     * What is noted of a table.
     *
     * @param domain the ordering domain that applies it; the direction itself in mode immediate, where all do
     * @param version rises with every change of the table
     */
    public record Note(NotedTable table, String domain, long version) {}

    /** Empty if nothing is noted yet, also where there is no ledger. The connection must be in auto-commit mode. */
    public Map<TableName, Note> read(Connection connection) throws SQLException {
        try {
            return select(connection, "");
        } catch (SQLException e) {
            if (Ledger.isNotThereYet(e)) {
                return Map.of();
            }
            throw e;
        }
    }

    /** The notes of these tables, made where there are none, and held until the transaction ends. */
    public Map<TableName, Note> lock(Connection connection, Map<TableName, NotedTable> tables, String domain)
            throws SQLException {
        boolean mysql = Ledger.isMysql(connection);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO _godwit.captured_table (direction,"
                + " table_schema, table_name, domain, definition, version, changed_at) VALUES (?, ?, ?, ?, ?, 1, now())"
                + (mysql
                        ? " ON DUPLICATE KEY UPDATE version = version + 0"
                        : " ON CONFLICT (direction, table_schema, table_name) DO NOTHING"))) {
            // In one order, so that two who do this do not wait for each other.
            for (Map.Entry<TableName, NotedTable> table : new TreeMap<>(tables).entrySet()) {
                insert.setString(1, direction);
                insert.setString(2, table.getKey().schema());
                insert.setString(3, table.getKey().name());
                insert.setString(4, domain);
                insert.setString(5, table.getValue().text());
                insert.executeUpdate();
            }
        }
        Map<TableName, Note> notes = select(connection, " ORDER BY table_schema, table_name FOR UPDATE");
        notes.keySet().retainAll(tables.keySet());
        return notes;
    }

    private Map<TableName, Note> select(Connection connection, String more) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT table_schema, table_name, domain, definition, version FROM _godwit.captured_table WHERE direction = ?"
                        + more)) {
            select.setString(1, direction);
            try (ResultSet row = select.executeQuery()) {
                Map<TableName, Note> notes = new TreeMap<>();
                while (row.next()) {
                    notes.put(
                            new TableName(row.getString(1), row.getString(2)),
                            new Note(NotedTable.parse(row.getString(4)), row.getString(3), row.getLong(5)));
                }
                return notes;
            }
        }
    }

    /** Replaces what is noted of a table. */
    public void update(Connection connection, TableName table, Note now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE _godwit.captured_table SET domain = ?, definition = ?, version = ?, changed_at = now()"
                        + " WHERE direction = ? AND table_schema = ? AND table_name = ?")) {
            update.setString(1, now.domain());
            update.setString(2, now.table().text());
            update.setLong(3, now.version());
            update.setString(4, direction);
            update.setString(5, table.schema());
            update.setString(6, table.name());
            update.executeUpdate();
        }
    }

    /** The tables of which changes stand aside as dead letters that were not replayed. */
    public Set<TableName> withLetters(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT DISTINCT domain, table_schema, table_name FROM _godwit.dead_letter"
                                + " WHERE replayed_at IS NULL");
                ResultSet row = select.executeQuery()) {
            Set<TableName> tables = new TreeSet<>();
            while (row.next()) {
                if (DomainNames.direction(row.getString(1)).equals(direction)) {
                    tables.add(new TableName(row.getString(2), row.getString(3)));
                }
            }
            return tables;
        }
    }
}

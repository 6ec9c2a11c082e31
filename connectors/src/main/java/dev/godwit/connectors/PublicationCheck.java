package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Refuses a publication that would leave something out. */
final class PublicationCheck {
    private final Connection source;
    private final String publication;

    PublicationCheck(Connection source, String publication) {
        this.source = source;
        this.publication = publication;
    }

    void check(Collection<TableName> tables) throws SQLException {
        checkOperations();
        Set<TableName> missing = new TreeSet<>(tables);
        missing.removeAll(published());
        if (!missing.isEmpty()) {
            TableName first = missing.iterator().next();
            throw new RefusedException(
                    "the publication " + publication + " lacks " + missing,
                    "ALTER PUBLICATION " + publication + " ADD TABLE " + quoted(first.schema()) + "."
                            + quoted(first.name())
                            + "; -- then load the phase again, unless the table was never written to");
        }
        checkColumns(tables);
    }

    private void checkOperations() throws SQLException {
        String sql =
                "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_catalog.pg_publication WHERE pubname = ?";
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new RefusedException(
                            "the source has no publication " + publication,
                            "load the phase first: the load makes the publication before the replication slot");
                }
                if (!row.getBoolean(1)) {
                    throw new RefusedException(
                            "the publication " + publication + " does not publish every kind of change",
                            "ALTER PUBLICATION " + publication
                                    + " SET (publish = 'insert, update, delete, truncate');");
                }
            }
        }
    }

    /** With {@code publish_via_partition_root} the root stands here; without it only the partitions, which are then missing. */
    private Set<TableName> published() throws SQLException {
        Set<TableName> published = new HashSet<>();
        try (PreparedStatement statement = source.prepareStatement(
                "SELECT schemaname, tablename FROM pg_catalog.pg_publication_tables WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    published.add(new TableName(row.getString(1), row.getString(2)));
                }
            }
        }
        return published;
    }

    /** Column lists came with PostgreSQL 15. Generated columns are never published before 18, and never written by Godwit. */
    private void checkColumns(Collection<TableName> tables) throws SQLException {
        if (source.getMetaData().getDatabaseMajorVersion() < 15) {
            return;
        }
        String sql = "SELECT p.schemaname, p.tablename, a.attname FROM pg_catalog.pg_publication_tables p"
                + " JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
                + " WHERE p.pubname = ? AND NOT a.attname = ANY (p.attnames) ORDER BY 1, 2, a.attnum";
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableName table = new TableName(row.getString(1), row.getString(2));
                    if (tables.contains(table)) {
                        throw new RefusedException(
                                "the publication " + publication + " leaves out column \"" + row.getString(3)
                                        + "\" of table " + table,
                                "publish the table without a column list");
                    }
                }
            }
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

package dev.godwit.fetch.state;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The continuation tokens: one for each table of a load that is not complete. */
public final class Tokens {
    private Tokens() {}

    /** The newest loads first. Empty too where no load has ever been begun. */
    public static List<TableToken> list(Database target) throws SQLException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            if (!exist(connection)) {
                return List.of();
            }
            List<TableToken> tokens = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT t.token, t.fetch_id, t.table_schema, t.table_name, t.message,"
                            + " coalesce((SELECT min(f.file) FROM _godwit.fetch_file f WHERE f.fetch_id = t.fetch_id"
                            + " AND f.table_schema = t.table_schema AND f.table_name = t.table_name AND f.state ="
                            + " 'exported'), '') AS file FROM _godwit.fetch_table t JOIN _godwit.fetch l ON l.fetch_id ="
                            + " t.fetch_id WHERE t.state = 'open' ORDER BY l.started_at DESC, t.table_schema, t.table_name")) {
                while (row.next()) {
                    tokens.add(new TableToken(
                            row.getString("token"),
                            row.getString("fetch_id"),
                            new TableName(row.getString("table_schema"), row.getString("table_name")),
                            row.getString("file"),
                            row.getString("message") == null ? "" : row.getString("message")));
                }
            }
            return tokens;
        }
    }

    public static Optional<TableToken> find(Database target, String token) throws SQLException {
        return list(target).stream().filter(one -> one.token().equals(token)).findFirst();
    }

    /** The table of the source whose rows the file holds. */
    public static Optional<TableName> tableOfFile(Database target, String fetchId, String file) throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT table_schema, table_name FROM _godwit.fetch_file WHERE fetch_id = ? AND file = ?")) {
            statement.setString(1, fetchId);
            statement.setString(2, file);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new TableName(row.getString(1), row.getString(2))) : Optional.empty();
            }
        }
    }

    /** Whether any version of Godwit that remembers loads was here. */
    public static boolean exist(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_catalog.pg_class c JOIN"
                        + " pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '_godwit' AND c.relname ="
                        + " 'fetch_file'")) {
            row.next();
            return row.getLong(1) > 0;
        }
    }
}

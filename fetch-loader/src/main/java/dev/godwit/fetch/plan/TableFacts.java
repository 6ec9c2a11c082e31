package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the catalog of tables does not tell, and what differences of structure are about.
 *
 * @param defaults columns that have one, computed ones too
 * @param checks columns that a check looks at
 * @param collations of columns that have another than their type's, by column
 */
record TableFacts(Set<String> defaults, Set<String> checks, Map<String, String> collations) {
    private static final String SQL = "SELECT a.attname, a.atthasdef, EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k"
            + " WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS checked,"
            // Of a type that is no domain: what CockroachDB calls the one of every text was en-US before.
            + " CASE WHEN co.collname NOT IN ('default', 'C', 'POSIX') AND (ty.typtype = 'd' OR a.attcollation <>"
            + " ty.typcollation) THEN co.collname END AS collation"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            + " JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid"
            + " LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
            + " WHERE n.nspname = ? AND c.relname = ?";

    static TableFacts read(Connection connection, TableName table) throws SQLException {
        Set<String> defaults = new HashSet<>();
        Set<String> checks = new HashSet<>();
        Map<String, String> collations = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String column = row.getString("attname");
                    if (row.getBoolean("atthasdef")) {
                        defaults.add(column);
                    }
                    if (row.getBoolean("checked")) {
                        checks.add(column);
                    }
                    if (row.getString("collation") != null) {
                        collations.put(column, row.getString("collation"));
                    }
                }
            }
        }
        return new TableFacts(defaults, checks, collations);
    }
}

package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether the user may read, publish and write the tables, and whether PostgreSQL can publish them at all. */
final class TableCapabilities {
    private static final String SELECTED = " FROM unnest(?::text[], ?::text[]) AS s(schema, name)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.name";

    private final FetchRequest request;
    private final Problems problems;

    TableCapabilities(FetchRequest request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    /** Returns the tables that have a problem. */
    Set<TableName> checkSource(Connection source, List<TableName> tables) throws SQLException {
        Dialect dialect = request.source().dialect();
        int version = source.getMetaData().getDatabaseMajorVersion();
        Set<TableName> broken = new HashSet<>();
        try (PreparedStatement statement = source.prepareStatement("SELECT s.schema, s.name, current_user AS username,"
                        + " c.relkind::text, c.relpersistence::text, c.relreplident::text,"
                        + " pg_has_role(current_user, c.relowner, 'USAGE') AS owned, pg_get_userbyid(c.relowner) AS owner,"
                        + " has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,"
                        + " c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid)"
                        + " AS inherited, EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
                        + " AND i.indisprimary AND NOT i.indimmediate) AS deferrable_key, EXISTS (SELECT 1 FROM"
                        + " pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS has_key" + SELECTED);
                ResultSet row = query(statement, tables)) {
            while (row.next()) {
                TableName name = new TableName(row.getString("schema"), row.getString("name"));
                String user = row.getString("username");
                String alter = "ALTER TABLE " + dialect.quote(name);
                List<String[]> found = new ArrayList<>();
                if (!row.getBoolean("readable")) {
                    found.add(new String[] {
                        "user \"" + user + "\" of the source may not read table " + name,
                        "run GRANT USAGE ON SCHEMA " + dialect.quote(name.schema()) + " TO " + dialect.quote(user)
                                + "; GRANT SELECT ON " + dialect.quote(name) + " TO " + dialect.quote(user) + ";"
                    });
                }
                if (row.getBoolean("inherited")) {
                    found.add(new String[] {
                        "other tables inherit from table " + name + " of the source, which this version does not carry",
                        "leave the table out by the table filter"
                    });
                }
                if (!request.checkpoint().isTaken()) {
                    addAll(name, found, broken);
                    continue;
                }
                if (!row.getBoolean("owned")) {
                    found.add(new String[] {
                        "user \"" + user + "\" of the source does not own table " + name + " and cannot publish it",
                        "run GRANT " + dialect.quote(row.getString("owner")) + " TO " + dialect.quote(user)
                                + "; on the source, or use the owner or a superuser"
                    });
                }
                if (!row.getString("relpersistence").equals("p")) {
                    found.add(new String[] {
                        "table " + name + " of the source is unlogged, so its changes cannot be replicated",
                        "run " + alter + " SET LOGGED; or leave the table out by the table filter"
                    });
                }
                if (row.getString("relkind").equals("p") && version < 13) {
                    found.add(new String[] {
                        "table " + name + " is partitioned, which PostgreSQL " + version
                                + " cannot publish as one table",
                        "use PostgreSQL 13 or later, or leave the table out by the table filter"
                    });
                }
                // Once such a table is published, PostgreSQL refuses the application's own updates and deletes.
                if (!List.of("d", "f").contains(row.getString("relreplident"))) {
                    found.add(new String[] {
                        "table " + name + " of the source has a replica identity other than its primary key",
                        "run " + alter + " REPLICA IDENTITY DEFAULT; on the source"
                    });
                } else if (row.getBoolean("deferrable_key")
                        && row.getString("relreplident").equals("d")) {
                    found.add(new String[] {
                        "the primary key of table " + name
                                + " is deferrable, so that it cannot identify rows in the log",
                        "make it not deferrable, or run " + alter + " REPLICA IDENTITY FULL; on the source"
                    });
                } else if (!row.getBoolean("has_key")
                        && row.getString("relreplident").equals("d")
                        && request.tableOptions().skipPrimaryKeyCheck()) {
                    found.add(new String[] {
                        "table " + name
                                + " of the source has no primary key: once it is published, PostgreSQL refuses the"
                                + " application's updates and deletes",
                        "load it with --ignore-replication-check, or run " + alter
                                + " REPLICA IDENTITY FULL; on the source"
                    });
                }
                addAll(name, found, broken);
            }
        }
        return broken;
    }

    private void addAll(TableName name, List<String[]> found, Set<TableName> broken) {
        if (!found.isEmpty()) {
            broken.add(name);
            found.forEach(problem -> problems.add(problem[0], problem[1]));
        }
    }

    /** Returns the tables that have a problem. */
    Set<TableName> checkTarget(Connection target, List<TableName> tables) throws SQLException {
        Set<TableName> broken = new HashSet<>();
        String missing = "CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN 'USAGE' "
                + privileges().stream()
                        .map(privilege ->
                                "WHEN NOT has_table_privilege(c.oid, '" + privilege + "') THEN '" + privilege + "' ")
                        .reduce("", String::concat)
                + "END";
        try (PreparedStatement statement = target.prepareStatement(
                        "SELECT s.schema, s.name, current_user AS username, " + missing + " AS missing" + SELECTED);
                ResultSet row = query(statement, tables)) {
            while (row.next()) {
                String privilege = row.getString("missing");
                if (privilege != null) {
                    Dialect dialect = request.target().dialect();
                    TableName name = new TableName(row.getString("schema"), row.getString("name"));
                    String user = row.getString("username");
                    String on =
                            privilege.equals("USAGE") ? "SCHEMA " + dialect.quote(name.schema()) : dialect.quote(name);
                    broken.add(name);
                    problems.add(
                            "user \"" + user + "\" of the target lacks the " + privilege + " privilege for table "
                                    + name,
                            "run GRANT " + privilege + " ON " + on + " TO " + dialect.quote(user) + "; on the target");
                }
            }
        }
        return broken;
    }

    private List<String> privileges() {
        return switch (request.tableHandling()) {
            case NONE -> List.of("SELECT", "INSERT");
            case REPLACE_SLICE -> List.of("SELECT", "INSERT", "DELETE");
            // Whether tables may be dropped and made, the server says, in one transaction that leaves them as they are
            // if not.
            case DROP_ON_TARGET_AND_RECREATE -> List.of("SELECT");
            // CockroachDB knows no TRUNCATE privilege; it asks for DROP when the time comes.
            case TRUNCATE_IF_EXISTS ->
                request.target().product() == Product.POSTGRESQL
                        ? List.of("SELECT", "INSERT", "TRUNCATE")
                        : List.of("SELECT", "INSERT");
        };
    }

    private static ResultSet query(PreparedStatement statement, List<TableName> tables) throws SQLException {
        statement.setArray(
                1,
                statement
                        .getConnection()
                        .createArrayOf(
                                "text", tables.stream().map(TableName::schema).toArray()));
        statement.setArray(
                2,
                statement
                        .getConnection()
                        .createArrayOf(
                                "text", tables.stream().map(TableName::name).toArray()));
        return statement.executeQuery();
    }
}

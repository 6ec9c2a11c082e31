package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The enums, domains and composite types that tables use, each after those that it is made of. */
final class UserTypes {
    /** A type of the source, with the statement that makes it. */
    record UserType(String schema, String name, String create) {}

    private static final class Found {
        private final String schema;
        private final String name;
        private final String quotedName;
        private final String category;
        private final List<Long> madeOf = new ArrayList<>();
        private final List<String> parts = new ArrayList<>();
        private String base = "";

        Found(String schema, String name, String quotedName, String category) {
            this.schema = schema;
            this.name = name;
            this.quotedName = quotedName;
            this.category = category;
        }
    }

    private final Map<Long, Found> types = new LinkedHashMap<>();
    private final Map<Long, Long> elements = new LinkedHashMap<>();
    private final Map<Long, UserType> used = new LinkedHashMap<>();
    private final boolean enumsOnly;

    private UserTypes(boolean enumsOnly) {
        this.enumsOnly = enumsOnly;
    }

    /** The search path must be empty, so that definitions name schemas. */
    static List<UserType> read(Connection source, Collection<TableName> tables, Product target) throws SQLException {
        UserTypes types = new UserTypes(target != Product.POSTGRESQL);
        try (Statement statement = source.createStatement()) {
            types.readTypes(statement);
            types.readParts(statement);
        }
        for (long id : columnTypes(source, tables)) {
            types.use(id);
        }
        return List.copyOf(types.used.values());
    }

    private static List<Long> columnTypes(Connection source, Collection<TableName> tables) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = source.prepareStatement("SELECT DISTINCT a.atttypid"
                + " FROM unnest(?::text[], ?::text[]) AS s(schema, name)"
                + " JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.name"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                + " ORDER BY 1")) {
            statement.setArray(
                    1,
                    source.createArrayOf(
                            "text", tables.stream().map(TableName::schema).toArray()));
            statement.setArray(
                    2,
                    source.createArrayOf(
                            "text", tables.stream().map(TableName::name).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    private void readTypes(Statement statement) throws SQLException {
        // Types of extensions come with the extension, which the target's administrator installs.
        try (ResultSet row = statement.executeQuery(
                "SELECT t.oid, n.nspname, t.typname, quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name,"
                        + " t.typtype::text AS category, t.typbasetype, format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull,"
                        + " t.typdefault, CASE WHEN t.typcollation <> bt.typcollation THEN (SELECT format(' COLLATE %I.%I', cn.nspname,"
                        + " co.collname) FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"
                        + " WHERE co.oid = t.typcollation) END AS collation"
                        + " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                        + " LEFT JOIN pg_catalog.pg_type bt ON bt.oid = t.typbasetype"
                        + " LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
                        + " WHERE t.typtype IN ('e', 'd', 'c') AND (t.typtype <> 'c' OR c.relkind = 'c')"
                        + " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT 1 FROM"
                        + " pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid"
                        + " AND e.deptype = 'e')")) {
            while (row.next()) {
                Found type = new Found(
                        row.getString("nspname"),
                        row.getString("typname"),
                        row.getString("name"),
                        row.getString("category"));
                if (type.category.equals("d")) {
                    type.madeOf.add(row.getLong("typbasetype"));
                    type.base = row.getString("base")
                            + (row.getString("collation") == null ? "" : row.getString("collation"))
                            + (row.getString("typdefault") == null ? "" : " DEFAULT " + row.getString("typdefault"))
                            + (row.getBoolean("typnotnull") ? " NOT NULL" : "");
                }
                types.put(row.getLong("oid"), type);
            }
        }
        try (ResultSet row =
                statement.executeQuery("SELECT typarray, oid FROM pg_catalog.pg_type WHERE typarray <> 0")) {
            while (row.next()) {
                elements.put(row.getLong(1), row.getLong(2));
            }
        }
    }

    private void readParts(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT enumtypid, quote_literal(enumlabel) FROM pg_catalog.pg_enum"
                + " ORDER BY enumtypid, enumsortorder")) {
            while (row.next()) {
                add(row.getLong(1), row.getString(2));
            }
        }
        try (ResultSet row = statement.executeQuery("SELECT contypid, quote_ident(conname), pg_get_constraintdef(oid)"
                + " FROM pg_catalog.pg_constraint WHERE contypid <> 0 AND contype = 'c' ORDER BY contypid, conname")) {
            while (row.next()) {
                add(row.getLong(1), "CONSTRAINT " + row.getString(2) + " " + row.getString(3));
            }
        }
        try (ResultSet row = statement.executeQuery("SELECT c.reltype, quote_ident(a.attname), format_type(a.atttypid,"
                + " a.atttypmod), a.atttypid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
                + " WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.reltype, a.attnum")) {
            while (row.next()) {
                add(row.getLong(1), row.getString(2) + " " + row.getString(3));
                if (types.containsKey(row.getLong(1))) {
                    types.get(row.getLong(1)).madeOf.add(row.getLong(4));
                }
            }
        }
    }

    private void add(long type, String part) {
        if (types.containsKey(type)) {
            types.get(type).parts.add(part);
        }
    }

    private void use(long id) {
        if (elements.containsKey(id)) {
            use(elements.get(id));
            return;
        }
        Found type = types.get(id);
        if (type == null || used.containsKey(id)) {
            return;
        }
        type.madeOf.forEach(this::use);
        if (type.category.equals("e")) {
            put(id, type, "TYPE", "AS ENUM (" + String.join(", ", type.parts) + ")");
        } else if (enumsOnly) {
            // Columns get the type below a domain, and the text of a composite value.
            return;
        } else if (type.category.equals("c")) {
            put(id, type, "TYPE", "AS (" + String.join(", ", type.parts) + ")");
        } else {
            put(id, type, "DOMAIN", "AS " + type.base + joined(type.parts));
        }
    }

    private static String joined(List<String> parts) {
        return parts.isEmpty() ? "" : " " + String.join(" ", parts);
    }

    private void put(long id, Found type, String what, String definition) {
        String create = "CREATE " + what + " " + type.quotedName + " " + definition;
        used.put(id, new UserType(type.schema, type.name, create));
    }
}

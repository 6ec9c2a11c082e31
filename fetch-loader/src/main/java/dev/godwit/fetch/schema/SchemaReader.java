package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how PostgreSQL tables are defined, in words that do not depend on the search path. */
final class SchemaReader {
    private static final String SELECTED = " FROM unnest(?::text[], ?::text[]) AS s(schema, name)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.name";

    private final Connection source;
    private final Map<TableName, TableDefinition> tables = new LinkedHashMap<>();

    private SchemaReader(Connection source, Collection<Table> tables) {
        this.source = source;
        tables.forEach(table -> this.tables.put(table.name(), new TableDefinition(table)));
    }

    /** In the order of the given tables. The connection's search path is another afterwards. */
    static Map<TableName, TableDefinition> read(Connection source, Collection<Table> tables) throws SQLException {
        SchemaReader reader = new SchemaReader(source, tables);
        try (Statement statement = source.createStatement()) {
            // Then every name that is not built in comes with its schema.
            statement.execute("SELECT set_config('search_path', '', false)");
        }
        reader.readColumns();
        reader.readConstraints();
        reader.readIndexes();
        reader.readSequences();
        reader.readDomains();
        reader.readOthers();
        return reader.tables;
    }

    private interface RowReader {
        void read(TableDefinition table, ResultSet row) throws SQLException;
    }

    private void query(String columns, String joins, RowReader reader) throws SQLException {
        String sql = "SELECT s.schema AS table_schema, s.name AS table_name, " + columns + SELECTED + joins;
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    source.createArrayOf(
                            "text",
                            tables.keySet().stream().map(TableName::schema).toArray()));
            statement.setArray(
                    2,
                    source.createArrayOf(
                            "text",
                            tables.keySet().stream().map(TableName::name).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableName name = new TableName(row.getString("table_schema"), row.getString("table_name"));
                    reader.read(tables.get(name), row);
                }
            }
        }
    }

    private void readColumns() throws SQLException {
        query(
                "a.attname, format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS expression,"
                        + " CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END"
                        + " AS collation, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS words",
                " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                        + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                        + " LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
                        + " LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
                        + " LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"
                        + " ORDER BY c.oid, a.attnum",
                (table, row) -> {
                    Column column = table.table.requireColumn(row.getString("attname"));
                    table.nameInDefinitions = row.getString("words");
                    table.columns.add(new ColumnDefinition(
                            column,
                            row.getString("type"),
                            Optional.ofNullable(row.getString("collation")),
                            Optional.ofNullable(row.getString("expression"))));
                });
    }

    private void readConstraints() throws SQLException {
        query(
                "k.conname, k.contype::text AS kind, pg_get_constraintdef(k.oid) AS definition, pn.nspname AS parent_schema,"
                        + " p.relname AS parent_name, quote_ident(pn.nspname) || '.' || quote_ident(p.relname) AS parent_words,"
                        + columns("k.conkey"),
                " JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f')"
                        + " LEFT JOIN pg_catalog.pg_class p ON p.oid = k.confrelid"
                        + " LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace"
                        + " ORDER BY c.oid, k.conname",
                (table, row) -> {
                    String name = row.getString("conname");
                    ConstraintDefinition.Kind kind =
                            switch (row.getString("kind")) {
                                case "u" -> ConstraintDefinition.Kind.UNIQUE;
                                case "x" -> ConstraintDefinition.Kind.EXCLUSION;
                                case "c" -> ConstraintDefinition.Kind.CHECK;
                                case "f" -> ConstraintDefinition.Kind.FOREIGN_KEY;
                                default -> null;
                            };
                    if (kind == null) {
                        table.primaryKeyName = Optional.of(name);
                        return;
                    }
                    table.constraints.add(new ConstraintDefinition(
                            name,
                            kind,
                            row.getString("definition"),
                            strings(row),
                            parent(row),
                            row.getString("parent_words")));
                });
    }

    private static Optional<TableName> parent(ResultSet row) throws SQLException {
        String name = row.getString("parent_name");
        return name == null ? Optional.empty() : Optional.of(new TableName(row.getString("parent_schema"), name));
    }

    /** SQL for the names of columns of the table, by an array of their numbers. */
    private static String columns(String numbers) {
        return " ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ("
                + numbers + ")) AS columns";
    }

    private static List<String> strings(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray("columns").getArray());
    }

    private void readIndexes() throws SQLException {
        query(
                "ic.relname AS index_name, pg_get_indexdef(i.indexrelid) AS statement, am.amname AS method,"
                        + columns("ARRAY(SELECT x.refobjsubid FROM pg_catalog.pg_depend x WHERE x.classid ="
                                + " 'pg_catalog.pg_class'::regclass AND x.objid = i.indexrelid AND x.refclassid ="
                                + " 'pg_catalog.pg_class'::regclass AND x.refobjid = c.oid)"),
                " JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary AND i.indisvalid"
                        + " JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid"
                        + " JOIN pg_catalog.pg_am am ON am.oid = ic.relam"
                        + " WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid"
                        + " AND k.contype IN ('p', 'u', 'x')) ORDER BY c.oid, ic.relname",
                (table, row) -> table.indexes.add(new IndexDefinition(
                        row.getString("index_name"),
                        row.getString("statement"),
                        row.getString("method"),
                        strings(row))));
    }

    private void readSequences() throws SQLException {
        // A sequence belongs to a column as an identity (i) or as serial (a), or its default just names it.
        query(
                "a.attname, sn.nspname AS sequence_schema, sc.relname AS sequence_name, l.identity, l.owned,"
                        + " format_type(q.seqtypid, NULL) AS type, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,"
                        + " q.seqcycle, CASE WHEN has_sequence_privilege(sc.oid, 'SELECT') THEN"
                        + " pg_sequence_last_value(sc.oid) END AS last_value",
                " JOIN LATERAL (SELECT objid AS sequence, refobjsubid AS attnum, bool_or(deptype = 'i') AS identity, true AS owned"
                        + " FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_class'::regclass"
                        + " AND refclassid = 'pg_catalog.pg_class'::regclass AND refobjid = c.oid AND refobjsubid > 0"
                        + " AND deptype IN ('a', 'i') GROUP BY 1, 2"
                        + " UNION ALL SELECT x.refobjid, d.adnum, false, false FROM pg_catalog.pg_attrdef d"
                        + " JOIN pg_catalog.pg_depend x ON x.classid = 'pg_catalog.pg_attrdef'::regclass AND x.objid = d.oid"
                        + " AND x.refclassid = 'pg_catalog.pg_class'::regclass WHERE d.adrelid = c.oid AND NOT EXISTS"
                        + " (SELECT 1 FROM pg_catalog.pg_depend o WHERE o.classid = 'pg_catalog.pg_class'::regclass"
                        + " AND o.objid = x.refobjid AND o.refobjid = c.oid AND o.deptype IN ('a', 'i'))) l ON true"
                        + " JOIN pg_catalog.pg_class sc ON sc.oid = l.sequence AND sc.relkind = 'S'"
                        + " JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace"
                        + " JOIN pg_catalog.pg_sequence q ON q.seqrelid = sc.oid"
                        + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = l.attnum"
                        + " ORDER BY c.oid, a.attnum",
                (table, row) -> {
                    long last = row.getLong("last_value");
                    Optional<Long> lastValue = row.wasNull() ? Optional.empty() : Optional.of(last);
                    table.sequences.add(new SequenceDefinition(
                            new TableName(row.getString("sequence_schema"), row.getString("sequence_name")),
                            row.getString("attname"),
                            row.getBoolean("identity"),
                            row.getBoolean("owned"),
                            row.getString("type"),
                            row.getLong("seqstart"),
                            row.getLong("seqincrement"),
                            row.getLong("seqmin"),
                            row.getLong("seqmax"),
                            row.getLong("seqcache"),
                            row.getBoolean("seqcycle"),
                            lastValue));
                });
    }

    private void readDomains() throws SQLException {
        query(
                "'column ' || quote_ident(a.attname) || ' is of domain ' || quote_ident(tn.nspname) || '.' ||"
                        + " quote_ident(t.typname) || ' with' || coalesce(' DEFAULT ' || t.typdefault, '') || d.checks AS what",
                " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                        + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'"
                        + " JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace"
                        + " JOIN LATERAL (SELECT coalesce(string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY"
                        + " k.conname), '') AS checks FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid"
                        + " AND k.contype = 'c') d ON t.typdefault IS NOT NULL OR d.checks <> '' ORDER BY c.oid, a.attnum",
                (table, row) -> table.rulesOfDomains.add(row.getString("what")));
    }

    private void readOthers() throws SQLException {
        query(
                "'trigger ' || quote_ident(g.tgname) AS what",
                " JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal ORDER BY c.oid, g.tgname",
                (table, row) -> table.notCarried.add(row.getString("what")));
        query(
                "'row-level security policy ' || quote_ident(p.polname) AS what",
                " JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid ORDER BY c.oid, p.polname",
                (table, row) -> table.notCarried.add(row.getString("what")));
        query(
                "'rule ' || quote_ident(r.rulename) AS what",
                " JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid ORDER BY c.oid, r.rulename",
                (table, row) -> table.notCarried.add(row.getString("what")));
    }
}

package dev.godwit.verify.structure;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@link TableFacts} from {@code pg_catalog}, which CockroachDB has too. */
final class FactsReader {
    static final String BY_CODE_POINT = "by code point";
    private static final Set<String> CODE_POINT_LOCALES = Set.of("c", "posix", "c.utf-8", "c.utf8", "ucs_basic");
    /** With more, statements that name them are no shorter than what they keep away. */
    private static final int TABLES_NAMED_MAX = 500;

    private static final Pattern NEXTVAL = Pattern.compile("nextval\\('((?:[^']|'')+)'");

    private final Database database;
    private final Statement statement;
    private final String chosen;
    private final Map<TableName, TableFacts> facts = new HashMap<>();

    private FactsReader(Database database, Statement statement, String chosen) {
        this.database = database;
        this.statement = statement;
        this.chosen = chosen;
    }

    /** By table; tables of which nothing is known lack, and others may be among them. */
    static Map<TableName, TableFacts> read(Database database, Collection<TableName> tables) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            if (database.product() == Product.MYSQL) {
                return MysqlFactsReader.read(statement, tables);
            }
            FactsReader reader = new FactsReader(database, statement, ids(database, statement, tables));
            reader.readDefaults();
            reader.readChecks();
            reader.readIndexes();
            reader.readCollations();
            reader.readSequences();
            return reader.facts;
        }
    }

    private TableFacts of(ResultSet row) throws SQLException {
        return facts.computeIfAbsent(new TableName(row.getString(1), row.getString(2)), table -> new TableFacts());
    }

    /** The tables' oids as a list; empty if they are too many to be named. */
    private static String ids(Database database, Statement statement, Collection<TableName> tables)
            throws SQLException {
        if (tables.size() > TABLES_NAMED_MAX) {
            return "";
        }
        String names = tables.stream()
                .map(table -> "n.nspname = " + database.dialect().literal(table.schema()) + " AND c.relname = "
                        + database.dialect().literal(table.name()))
                .collect(Collectors.joining(" OR "));
        StringJoiner ids = new StringJoiner(", ").setEmptyValue("0");
        try (ResultSet row = statement.executeQuery("SELECT c.oid FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE " + names)) {
            while (row.next()) {
                ids.add(Long.toString(row.getLong(1)));
            }
        }
        return ids.toString();
    }

    /** Joins the table and its schema to what refers to it. */
    private String table(String oid) {
        return " JOIN pg_catalog.pg_class c ON c.oid = " + oid
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN"
                + " ('pg_catalog', 'information_schema', '_godwit', 'crdb_internal', 'pg_extension') AND c.relkind IN ('r', 'p')"
                + (chosen.isEmpty() ? "" : " AND " + oid + " IN (" + chosen + ")");
    }

    private void readDefaults() throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT n.nspname, c.relname, a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)"
                        + " FROM pg_catalog.pg_attrdef d" + table("d.adrelid")
                        + " JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
                        + " WHERE a.attgenerated = ''")) {
            while (row.next()) {
                String expression = row.getString(4);
                if (expression == null) {
                    continue;
                }
                of(row).defaults.put(row.getString(3), ExpressionText.normalized(expression));
                Matcher sequence = NEXTVAL.matcher(expression);
                if (sequence.find()) {
                    of(row).sequences.put(row.getString(3), sequence.group(1).replace("''", "'"));
                }
            }
        }
    }

    private void readChecks() throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT n.nspname, c.relname, pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k"
                        + table("k.conrelid") + " WHERE k.contype = 'c'")) {
            while (row.next()) {
                of(row).checks.add(ExpressionText.normalized(row.getString(3)));
            }
        }
    }

    private void readIndexes() throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT n.nspname, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i"
                        + table("i.indrelid") + " WHERE NOT i.indisunique AND NOT i.indisprimary")) {
            while (row.next()) {
                String definition = row.getString(3);
                // From the access method on: name and table may differ. CockroachDB calls its B-tree prefix, and says
                // ASC.
                int using = definition.toLowerCase(Locale.ROOT).indexOf(" using ");
                String words = using < 0 ? definition : definition.substring(definition.indexOf('(', using));
                of(row).indexes.add(words.replace("\"", "").replace(" ASC", "").strip());
            }
        }
    }

    private void readCollations() throws SQLException {
        String usual = database.product() == Product.COCKROACHDB ? BY_CODE_POINT : databaseCollation();
        try (ResultSet row = statement.executeQuery(
                "SELECT n.nspname, c.relname, a.attname, co.collname FROM pg_catalog.pg_attribute a"
                        + table("a.attrelid")
                        + " JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
                        + " WHERE a.attnum > 0 AND NOT a.attisdropped")) {
            while (row.next()) {
                String name = row.getString(4);
                of(row).collations
                        .put(
                                row.getString(3),
                                name.equals("default") || database.product() == Product.COCKROACHDB
                                        ? usual
                                        : words(name));
            }
        }
    }

    private String databaseCollation() throws SQLException {
        // As JSON, since the column of an ICU locale has had three names.
        try (ResultSet row = statement.executeQuery(
                "SELECT coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', d.datcollate)"
                        + " FROM pg_catalog.pg_database d WHERE d.datname = current_database()")) {
            row.next();
            return words(row.getString(1));
        }
    }

    private static String words(String locale) {
        return CODE_POINT_LOCALES.contains(locale.toLowerCase(Locale.ROOT)) ? BY_CODE_POINT : "as in locale " + locale;
    }

    private void readSequences() throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT n.nspname, c.relname, a.attname, pg_catalog.pg_get_serial_sequence("
                        + "quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)"
                        + " FROM pg_catalog.pg_attribute a" + table("a.attrelid")
                        + " JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid AND ty.typname IN ('int2', 'int4', 'int8')"
                        + " WHERE a.attnum > 0 AND NOT a.attisdropped")) {
            while (row.next()) {
                if (row.getString(4) != null) {
                    of(row).sequences.put(row.getString(3), row.getString(4));
                }
            }
        }
    }
}

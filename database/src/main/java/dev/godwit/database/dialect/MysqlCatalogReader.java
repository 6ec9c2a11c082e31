package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code information_schema} of the connection's database (MySQL 8.0 Reference Manual, "INFORMATION_SCHEMA Tables"). */
final class MysqlCatalogReader {
    /** What {@code sql_generate_invisible_primary_key} adds. */
    private static final String GENERATED_KEY = "my_row_id";

    private static final Set<String> PASSIVE_RULES = Set.of("RESTRICT", "NO ACTION");

    private final Connection connection;
    private final MysqlView view;
    private final Dialect dialect;
    private final TableScope scope;
    private final Map<String, OpenTable> tables = new LinkedHashMap<>();

    MysqlCatalogReader(Connection connection, MysqlView view, Dialect dialect, TableScope scope) {
        this.connection = connection;
        this.view = view;
        this.dialect = dialect;
        this.scope = scope;
    }

    /** What is known of a table while its parts are still being read. */
    private static final class OpenTable {
        private final List<Column> columns = new ArrayList<>();
        private final Map<String, List<String>> uniqueIndexes = new LinkedHashMap<>();
        /** Unique over the beginning of a text, or over an expression. */
        private final Set<String> partial = new HashSet<>();
    }

    Catalog read() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String names = readTables(statement);
            readColumns(statement, names);
            readIndexes(statement, names);
            List<Table> read = new ArrayList<>();
            tables.forEach((name, table) -> read.add(close(name, table)));
            return new Catalog(read, readForeignKeys(statement, names));
        }
    }

    private TableName name(String table) {
        return new TableName(view.schema(), table);
    }

    private Table close(String name, OpenTable table) {
        List<UniqueKey> uniqueKeys = new ArrayList<>();
        table.uniqueIndexes.forEach((index, columns) -> {
            if (!index.equals("PRIMARY")) {
                boolean partial = table.partial.contains(index);
                uniqueKeys.add(new UniqueKey(index, partial ? List.of() : columns, false, true));
            }
        });
        return new Table(
                name(name),
                table.columns,
                table.uniqueIndexes.getOrDefault("PRIMARY", List.of()),
                uniqueKeys,
                // binlog_row_image=FULL, which is required, puts whole rows into the log.
                ReplicaIdentity.FULL);
    }

    /** @return the names as a list of literals, to read no more than belongs to these; empty if all are read */
    private String readTables(Statement statement) throws SQLException {
        readTables(statement, scope.condition(dialect, null, "table_name"));
        if (scope.isAll() || tables.isEmpty()) {
            return "";
        }
        // So that foreign keys of the tables have both ends.
        readTables(
                statement,
                "table_name IN (SELECT referenced_table_name FROM information_schema.referential_constraints"
                        + " WHERE constraint_schema = DATABASE()" + among("table_name", literals()) + ")");
        return literals();
    }

    private String literals() {
        return tables.keySet().stream().map(dialect::literal).collect(Collectors.joining(", "));
    }

    private static String among(String column, String literals) {
        return literals.isEmpty() ? "" : " AND " + column + " IN (" + literals + ")";
    }

    private void readTables(Statement statement, String condition) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND " + condition
                + " ORDER BY table_name")) {
            while (row.next()) {
                tables.putIfAbsent(row.getString(1), new OpenTable());
            }
        }
    }

    private void readColumns(Statement statement, String names) throws SQLException {
        Set<String> known = new HashSet<>();
        try (ResultSet row = statement.executeQuery("SELECT table_name AS t, column_name AS c, column_type AS ct,"
                + " data_type AS dt, coalesce(character_maximum_length, 0) AS len,"
                + " coalesce(numeric_precision, 0) AS prec, coalesce(numeric_scale, 0) AS scale,"
                + " coalesce(datetime_precision, 0) AS digits, coalesce(collation_name, '') AS coll, is_nullable AS nullable, extra AS extra,"
                + " coalesce(generation_expression, '') AS gen"
                + " FROM information_schema.columns WHERE table_schema = DATABASE()"
                + among("table_name", names) + " ORDER BY table_name, ordinal_position")) {
            while (row.next()) {
                OpenTable table = tables.get(row.getString("t"));
                if (table != null) {
                    table.columns.add(column(row));
                    known.add(row.getString("t") + "." + row.getString("c"));
                }
            }
        }
        if (scope.isAll()) {
            view.booleans().requireAmong(known);
            view.textEnums().requireAmong(known);
        }
    }

    private Column column(ResultSet row) throws SQLException {
        String name = row.getString("c");
        String extra = row.getString("extra").toLowerCase(Locale.ROOT);
        Generation generation = !row.getString("gen").isEmpty()
                ? Generation.COMPUTED
                : extra.contains("auto_increment") ? Generation.IDENTITY_BY_DEFAULT : Generation.NONE;
        return new Column(
                name,
                MysqlTypes.of(
                        new MysqlTypes.Declared(
                                row.getString("ct"),
                                row.getString("dt").toLowerCase(Locale.ROOT),
                                row.getLong("len"),
                                row.getInt("prec"),
                                row.getInt("scale"),
                                row.getInt("digits"),
                                row.getString("coll")),
                        view,
                        row.getString("t"),
                        name),
                row.getString("nullable").equals("YES"),
                generation,
                extra.contains("invisible") && name.equals(GENERATED_KEY));
    }

    private void readIndexes(Statement statement, String names) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT table_name AS t, index_name AS i, column_name AS c,"
                + " sub_part AS part FROM information_schema.statistics WHERE table_schema = DATABASE()"
                + " AND non_unique = 0" + among("table_name", names)
                + " ORDER BY table_name, index_name, seq_in_index")) {
            while (row.next()) {
                OpenTable table = tables.get(row.getString("t"));
                if (table != null) {
                    String index = row.getString("i");
                    table.uniqueIndexes
                            .computeIfAbsent(index, first -> new ArrayList<>())
                            .add(String.valueOf(row.getString("c")));
                    if (row.getString("c") == null || row.getString("part") != null) {
                        table.partial.add(index);
                    }
                }
            }
        }
    }

    private List<ForeignKey> readForeignKeys(Statement statement, String names) throws SQLException {
        record Open(String child, String parent, boolean changesChildren, List<String> from, List<String> to) {}
        Map<String, Open> open = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT k.table_name AS child, k.constraint_name AS name,"
                + " k.column_name AS c, k.referenced_table_name AS parent, k.referenced_column_name AS pc,"
                + " r.delete_rule AS on_delete, r.update_rule AS on_update"
                + " FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r"
                + " ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name"
                + " WHERE k.table_schema = DATABASE() AND k.referenced_table_schema = DATABASE()"
                + among("k.table_name", names) + " ORDER BY k.table_name, k.constraint_name, k.ordinal_position")) {
            while (row.next()) {
                Open key = open.get(row.getString("name"));
                if (key == null) {
                    boolean passive = PASSIVE_RULES.contains(row.getString("on_delete"))
                            && PASSIVE_RULES.contains(row.getString("on_update"));
                    key = new Open(
                            row.getString("child"),
                            row.getString("parent"),
                            !passive,
                            new ArrayList<>(),
                            new ArrayList<>());
                    open.put(row.getString("name"), key);
                }
                key.from().add(row.getString("c"));
                key.to().add(row.getString("pc"));
            }
        }
        List<ForeignKey> foreignKeys = new ArrayList<>();
        open.forEach((name, key) -> foreignKeys.add(new ForeignKey(
                name, name(key.child()), key.from(), name(key.parent()), key.to(), false, key.changesChildren())));
        return foreignKeys;
    }
}

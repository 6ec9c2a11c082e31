package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads {@code pg_catalog} (PostgreSQL documentation, chapter "System Catalogs"). Partitions are left out: their partitioned table stands
 * for them.
 */
class PgCatalogReader {
    // CockroachDB's pg_class has NULL in columns that mean nothing there, relispartition among them.
    private static final String USER_SCHEMA =
            "n.nspname NOT IN ('pg_catalog', 'information_schema', '_godwit', 'crdb_internal',"
                    + " 'pg_extension') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'";

    private final Connection connection;
    private final Dialect dialect;
    private final PgTypes types;
    private final TableScope scope;
    private final Map<Long, OpenTable> tables = new LinkedHashMap<>();

    PgCatalogReader(Connection connection, Dialect dialect, PgTypes types, TableScope scope) {
        this.connection = connection;
        this.dialect = dialect;
        this.types = types;
        this.scope = scope;
    }

    /** What is known of a table while its parts are still being read. */
    private static final class OpenTable {
        private final TableName name;
        private final ReplicaIdentity replicaIdentity;
        private final TreeMap<Integer, Column> columns = new TreeMap<>();
        private List<String> primaryKey = List.of();
        private final List<UniqueKey> uniqueKeys = new ArrayList<>();

        OpenTable(TableName name, ReplicaIdentity replicaIdentity) {
            this.name = name;
            this.replicaIdentity = replicaIdentity;
        }

        Table close() {
            ImplicitColumns implicit = new ImplicitColumns(columns.values());
            List<String> key = implicit.logicalKey(primaryKey);
            List<Column> closed = columns.values().stream()
                    .map(column -> implicit.column(column, key))
                    .map(column -> key.contains(column.name())
                            ? new Column(column.name(), column.type(), false, column.generation(), column.hidden())
                            : column)
                    .toList();
            List<UniqueKey> logicalKeys = uniqueKeys.stream()
                    .map(unique -> new UniqueKey(
                            unique.name(),
                            implicit.logicalKey(unique.columns()),
                            unique.partial(),
                            unique.nullsDistinct()))
                    .toList();
            return new Table(name, closed, key, logicalKeys, replicaIdentity);
        }

        List<String> names(Iterable<Integer> attributeNumbers) {
            List<String> names = new ArrayList<>();
            for (int number : attributeNumbers) {
                Column column = columns.get(number);
                if (column == null) {
                    return List.of(); // 0: an expression
                }
                names.add(column.name());
            }
            return names;
        }
    }

    Catalog read() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            readTables(statement, " AND " + scope.condition(dialect, "n.nspname", "c.relname"));
            if (!scope.isAll()) {
                // So that foreign keys of the tables have both ends.
                readTables(
                        statement,
                        " AND c.oid IN (SELECT k.confrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f'"
                                + ofTables("k.conrelid") + ")");
            }
            readColumns(statement);
            readIndexes(statement);
            if (hasKeysWithoutIndex()) {
                readKeysWithoutIndex(statement);
            }
            List<ForeignKey> foreignKeys = readForeignKeys(statement);
            return new Catalog(tables.values().stream().map(OpenTable::close).toList(), foreignKeys);
        }
    }

    /** A condition that begins with AND; empty if tables are not chosen. */
    private String ofTables(String id) {
        if (scope.isAll()) {
            return "";
        }
        String ids = tables.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return " AND " + id + " IN (" + (ids.isEmpty() ? "0" : ids) + ")";
    }

    private void readTables(Statement statement, String condition) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT c.oid, n.nspname, c.relname, c.relreplident::text"
                + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind IN ('r', 'p') AND c.relispartition IS NOT TRUE AND " + USER_SCHEMA + condition)) {
            while (row.next()) {
                tables.putIfAbsent(
                        row.getLong(1),
                        new OpenTable(new TableName(row.getString(2), row.getString(3)), identity(row.getString(4))));
            }
        }
    }

    private static ReplicaIdentity identity(String code) {
        return switch (code == null ? "d" : code) {
            case "f" -> ReplicaIdentity.FULL;
            case "i" -> ReplicaIdentity.INDEX;
            case "n" -> ReplicaIdentity.NOTHING;
            default -> ReplicaIdentity.DEFAULT;
        };
    }

    private record OpenColumn(
            long table,
            int number,
            String name,
            boolean notNull,
            long type,
            int modifier,
            String display,
            boolean deterministic,
            Generation generation) {}

    private void readColumns(Statement statement) throws SQLException {
        List<OpenColumn> columns = openColumns(statement);
        PgTypeReader typeReader = PgTypeReader.read(
                connection,
                types,
                columns.stream().map(OpenColumn::type).collect(Collectors.toCollection(TreeSet::new)));
        Set<String> hidden = hiddenColumns();
        for (OpenColumn column : columns) {
            OpenTable table = tables.get(column.table());
            if (table != null) {
                ColumnType read =
                        typeReader.type(column.type(), column.modifier(), column.display(), column.deterministic());
                ColumnType type = typeOf(table.name + "." + column.name(), read, column.generation());
                table.columns.put(
                        column.number(),
                        new Column(
                                column.name(),
                                type,
                                !column.notNull() && !typeReader.isNotNull(column.type()),
                                column.generation(),
                                hidden.contains(table.name + "." + column.name())));
            }
        }
    }

    private List<OpenColumn> openColumns(Statement statement) throws SQLException {
        List<OpenColumn> columns = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.atttypid,"
                + " a.atttypmod, a.attidentity::text, a.attgenerated::text,"
                + " pg_catalog.format_type(a.atttypid, a.atttypmod) AS display, "
                + deterministicCollation()
                + " AS deterministic"
                + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND c.relispartition IS NOT TRUE AND "
                + USER_SCHEMA + ofTables("a.attrelid") + " ORDER BY a.attrelid, a.attnum")) {
            while (row.next()) {
                columns.add(new OpenColumn(
                        row.getLong("attrelid"),
                        row.getInt("attnum"),
                        row.getString("attname"),
                        row.getBoolean("attnotnull"),
                        row.getLong("atttypid"),
                        row.getInt("atttypmod"),
                        row.getString("display"),
                        row.getBoolean("deterministic"),
                        generation(row.getString("attidentity"), row.getString("attgenerated"))));
            }
        }
        return columns;
    }

    /** SQL that is false where different texts may count as equal, in a column {@code a} of {@code pg_attribute}. */
    String deterministicCollation() {
        return "coalesce((SELECT co.collisdeterministic FROM pg_catalog.pg_collation co WHERE co.oid = a.attcollation), true)";
    }

    /** SQL that is false where different texts may count as equal in an index {@code i} of {@code pg_index}. */
    String deterministicIndex() {
        return "coalesce((SELECT bool_and(co.collisdeterministic) FROM pg_catalog.pg_collation co"
                + " WHERE co.oid = ANY (i.indcollation)), true)";
    }

    /** {@code schema.table.column} of hidden columns; PostgreSQL has none. */
    Set<String> hiddenColumns() throws SQLException {
        return Set.of();
    }

    /**
     * What a type of the catalog is in a certain column.
     *
     * @param column {@code schema.table.column}
     */
    ColumnType typeOf(String column, ColumnType type, Generation generation) {
        return type;
    }

    /** Whether two texts that differ may be one value to an index over this column, {@code schema.table.column}. */
    boolean isCoarse(String column) {
        return false;
    }

    private boolean isAnyCoarse(OpenTable table, List<String> columns) {
        return columns.stream().anyMatch(column -> isCoarse(table.name + "." + column));
    }

    /** Two texts that differ would be one key to the database and two to us. */
    private void refuseCoarse(OpenTable table, List<String> key) {
        table.columns.replaceAll((number, column) -> key.contains(column.name())
                        && isCoarse(table.name + "." + column.name())
                ? new Column(
                        column.name(),
                        new ColumnType(TypeKind.OTHER, column.type().name() + " in a primary key", "", -1, null),
                        column.nullable(),
                        column.generation(),
                        column.hidden())
                : column);
    }

    private static Generation generation(String identity, String generated) {
        if (generated != null && !generated.isBlank()) {
            return Generation.COMPUTED;
        }
        return switch (identity == null ? "" : identity) {
            case "a" -> Generation.IDENTITY_ALWAYS;
            // CockroachDB had a letter of its own before v23.
            case "d", "b" -> Generation.IDENTITY_BY_DEFAULT;
            default -> Generation.NONE;
        };
    }

    private void readIndexes(Statement statement) throws SQLException {
        // Before PostgreSQL 15 there were no NULLS NOT DISTINCT indexes, and no such column.
        boolean hasNullsRule = connection.getMetaData().getDatabaseMajorVersion() >= 15;
        try (ResultSet row =
                statement.executeQuery("SELECT i.indrelid, ic.relname, i.indisprimary, i.indkey::text AS indkey,"
                        + " i.indnkeyatts, i.indpred IS NOT NULL AS partial, "
                        + (hasNullsRule ? "i.indnullsnotdistinct" : "false")
                        + " AS nullsnotdistinct, i.indisexclusion OR NOT " + deterministicIndex() + " AS coarse"
                        + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid"
                        + " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE (i.indisunique OR i.indisexclusion) AND " + USER_SCHEMA + ofTables("i.indrelid")
                        + " ORDER BY ic.relname")) {
            while (row.next()) {
                OpenTable table = tables.get(row.getLong("indrelid"));
                if (table == null) {
                    continue;
                }
                List<Integer> numbers = new ArrayList<>();
                for (String number : row.getString("indkey").trim().split("[ ,]+")) {
                    if (numbers.size() < row.getInt("indnkeyatts")) { // what follows are INCLUDE columns
                        numbers.add(Integer.valueOf(number));
                    }
                }
                List<String> names = table.names(numbers);
                if (row.getBoolean("indisprimary")) {
                    table.primaryKey = names;
                    refuseCoarse(table, names);
                } else {
                    table.uniqueKeys.add(new UniqueKey(
                            row.getString("relname"),
                            row.getBoolean("coarse") || isAnyCoarse(table, names) ? List.of() : names,
                            row.getBoolean("partial"),
                            !row.getBoolean("nullsnotdistinct")));
                }
            }
        }
    }

    /** Whether a unique constraint may have no index. */
    boolean hasKeysWithoutIndex() {
        return false;
    }

    private void readKeysWithoutIndex(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT k.conname, k.conrelid, " + constraintWords() + " AS words"
                + " FROM pg_catalog.pg_constraint k WHERE k.contype = 'u' AND k.conindid = 0" + ofTables("k.conrelid")
                + " ORDER BY k.conname")) {
            while (row.next()) {
                OpenTable table = tables.get(row.getLong("conrelid"));
                if (table != null) {
                    String words = row.getString("words");
                    List<String> names = CockroachConstraints.uniqueWithoutIndex(
                            words,
                            table.columns.values().stream().map(Column::name).toList());
                    table.uniqueKeys.add(new UniqueKey(
                            row.getString("conname"),
                            isAnyCoarse(table, names) ? List.of() : names,
                            CockroachConstraints.isPartial(words),
                            true));
                }
            }
        }
    }

    /** SQL for the words of a constraint {@code k} of {@code pg_constraint}, NULL where its numbers say all. */
    String constraintWords() {
        return "NULL::text";
    }

    private List<ForeignKey> readForeignKeys(Statement statement) throws SQLException {
        List<ForeignKey> foreignKeys = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT k.conname, k.conrelid, k.conkey, k.confrelid, k.confkey, k.condeferrable,"
                        + " k.confdeltype IN ('c', 'n', 'd') AS changes_children, " + constraintWords() + " AS words"
                        + " FROM pg_catalog.pg_constraint k WHERE k.contype = 'f'"
                        + ofTables("k.conrelid") + " ORDER BY k.conname")) {
            while (row.next()) {
                OpenTable child = tables.get(row.getLong("conrelid"));
                OpenTable parent = tables.get(row.getLong("confrelid"));
                if (child != null && parent != null) {
                    List<String> childColumns = child.names(numbers(row.getArray("conkey")));
                    List<String> parentColumns = parent.names(numbers(row.getArray("confkey")));
                    if (childColumns.isEmpty() || parentColumns.isEmpty()) {
                        String name = row.getString("conname");
                        CockroachConstraints.ForeignKeyColumns columns = CockroachConstraints.foreignKey(
                                        String.valueOf(row.getString("words")))
                                .orElseThrow(
                                        () -> new SQLException("the catalog does not say which columns foreign key "
                                                + name + " of " + child.name + " is about"));
                        childColumns = columns.child();
                        parentColumns = columns.parent();
                    }
                    foreignKeys.add(new ForeignKey(
                            row.getString("conname"),
                            child.name,
                            childColumns,
                            parent.name,
                            parentColumns,
                            row.getBoolean("condeferrable"),
                            row.getBoolean("changes_children")));
                }
            }
        }
        return foreignKeys;
    }

    private static List<Integer> numbers(Array array) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        for (Object number : (Object[]) array.getArray()) {
            numbers.add(((Number) number).intValue());
        }
        return numbers;
    }
}

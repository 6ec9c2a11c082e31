package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What tables are made without at first: sequences, defaults, unique keys, indexes, foreign keys; checks as comments. */
final class MysqlLeftOut {
    private static final Pattern NOW = Pattern.compile("(?i)current_timestamp(\\([0-9]*\\))?|now\\([0-9]*\\)");
    /** Whose defaults mean the same as literals on the target. */
    private static final Set<TypeKind> LITERAL = Set.of(
            TypeKind.BOOLEAN,
            TypeKind.INTEGER,
            TypeKind.DECIMAL,
            TypeKind.FLOAT4,
            TypeKind.FLOAT8,
            TypeKind.TEXT,
            TypeKind.CHAR,
            TypeKind.ENUM,
            TypeKind.DATE,
            TypeKind.TIME,
            TypeKind.TIMESTAMP,
            TypeKind.TIMESTAMPTZ);

    private final Connection source;
    private final Dialect target;
    private final Map<TableName, MappedTable> mappings;
    private final List<String> lines = new ArrayList<>();

    private MysqlLeftOut(Connection source, Dialect target, Map<TableName, MappedTable> mappings) {
        this.source = source;
        this.target = target;
        this.mappings = mappings;
    }

    /** One statement a line, in an order in which they can run. */
    static List<String> read(
            Connection source,
            Catalog catalog,
            Dialect target,
            List<Table> tables,
            Map<TableName, MappedTable> mappings)
            throws SQLException {
        MysqlLeftOut leftOut = new MysqlLeftOut(source, target, mappings);
        for (Table table : tables) {
            leftOut.defaults(table);
        }
        for (Table table : tables) {
            leftOut.indexes(table);
            leftOut.checks(table);
        }
        Set<TableName> loaded = tables.stream().map(Table::name).collect(Collectors.toSet());
        catalog.foreignKeys().stream()
                .filter(key -> loaded.contains(key.child()))
                .forEach(key -> leftOut.foreignKey(key, loaded.contains(key.parent())));
        return leftOut.lines;
    }

    private TableName there(TableName table) {
        return mappings.get(table).target();
    }

    private TableName there(Table table) {
        return there(table.name());
    }

    private boolean isLeftOut(TableName table, String column) {
        return mappings.get(table).leftOut().contains(column);
    }

    private interface Rows {
        void read(ResultSet row) throws SQLException;
    }

    private void query(Table table, String sql, Rows rows) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, table.name().name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.read(row);
                }
            }
        }
    }

    private void defaults(Table table) throws SQLException {
        query(
                table,
                "SELECT column_name AS c, column_default AS d, extra AS e FROM information_schema.columns"
                        + " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position",
                row -> {
                    if (isLeftOut(table.name(), row.getString("c"))) {
                        return;
                    }
                    Column column = table.requireColumn(row.getString("c"));
                    String value = row.getString("d");
                    boolean expression = row.getString("e").contains("DEFAULT_GENERATED");
                    if (column.generation() == Generation.IDENTITY_BY_DEFAULT) {
                        sequence(table, column);
                    } else if (value != null) {
                        defaultOf(table, column, value, expression);
                    }
                    if (row.getString("e").contains("on update")) {
                        comment("column " + column.name() + " of " + table + " is " + row.getString("e")
                                + " in MySQL; the application, or a trigger, has to do that now");
                    }
                });
    }

    private void sequence(Table table, Column column) {
        String name =
                target.quote(new TableName(there(table).schema(), there(table).name() + "_" + column.name() + "_seq"));
        String quoted = target.quote(column.name());
        lines.add("CREATE SEQUENCE IF NOT EXISTS " + name + ";");
        lines.add("ALTER TABLE " + target.quote(there(table)) + " ALTER COLUMN " + quoted + " SET DEFAULT nextval("
                + target.literal(name) + ");");
        comment("the sequence goes on behind the rows that are there; run this again when the traffic is cut over");
        lines.add("SELECT setval(" + target.literal(name) + ", (SELECT coalesce(max(" + quoted + "), 0) + 1 FROM "
                + target.quote(there(table)) + "), false);");
    }

    private void defaultOf(Table table, Column column, String value, boolean expression) {
        String alter = "ALTER TABLE " + target.quote(there(table)) + " ALTER COLUMN " + target.quote(column.name())
                + " SET DEFAULT ";
        if (expression && NOW.matcher(value).matches()) {
            lines.add(alter + "current_timestamp;");
        } else if (!expression && LITERAL.contains(column.type().kind())) {
            lines.add(alter + target.literal(value) + ";");
        } else {
            comment("the default of column " + column.name() + " of " + table + " is not carried over: " + value);
        }
    }

    private void indexes(Table table) throws SQLException {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        Map<String, String> kinds = new LinkedHashMap<>();
        query(
                table,
                "SELECT index_name AS i, column_name AS c, sub_part AS part, non_unique AS n, index_type AS t, collation AS o"
                        + " FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?"
                        + " AND index_name <> 'PRIMARY' ORDER BY index_name, seq_in_index",
                row -> {
                    String index = row.getString("i");
                    boolean plain = row.getString("c") != null
                            && !isLeftOut(table.name(), row.getString("c"))
                            && row.getString("part") == null
                            && row.getString("t").equals("BTREE");
                    String kind = !plain ? "other" : row.getBoolean("n") ? "INDEX" : "UNIQUE INDEX";
                    kinds.merge(index, kind, (one, other) -> one.equals(other) ? one : "other");
                    columns.computeIfAbsent(index, name -> new ArrayList<>())
                            .add(
                                    plain
                                            ? target.quote(row.getString("c"))
                                                    + ("D".equals(row.getString("o")) ? " DESC" : "")
                                            : "an expression or a part");
                });
        kinds.forEach((index, kind) -> {
            if (kind.equals("other")) {
                comment("index " + index + " of " + table
                        + " is not carried over: it is no plain index over columns that are loaded");
            } else {
                lines.add("CREATE " + kind + " IF NOT EXISTS "
                        + target.quote(there(table).name() + "_" + index) + " ON " + target.quote(there(table)) + " ("
                        + String.join(", ", columns.get(index)) + ");");
            }
        });
    }

    private void checks(Table table) throws SQLException {
        query(
                table,
                "SELECT c.constraint_name AS n, c.check_clause AS k FROM information_schema.check_constraints c"
                        + " JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema"
                        + " AND t.constraint_name = c.constraint_name WHERE t.table_schema = DATABASE() AND t.table_name = ?",
                row -> comment("check " + row.getString("n") + " of " + table + " stands in MySQL's own words: "
                        + row.getString("k")));
    }

    private void foreignKey(ForeignKey key, boolean parentLoaded) {
        boolean columnLeftOut = key.childColumns().stream().anyMatch(column -> isLeftOut(key.child(), column));
        if (!parentLoaded || columnLeftOut) {
            comment("foreign key " + key.name() + " of " + key.child() + " leads to " + key.parent()
                    + (columnLeftOut ? " from a column that was left out" : ", which was not loaded"));
            return;
        }
        lines.add("ALTER TABLE " + target.quote(there(key.child())) + " ADD CONSTRAINT " + target.quote(key.name())
                + " FOREIGN KEY (" + quoted(key.childColumns()) + ") REFERENCES " + target.quote(there(key.parent()))
                + " ("
                + quoted(key.parentColumns()) + ");");
    }

    private String quoted(List<String> columns) {
        return columns.stream().map(target::quote).collect(Collectors.joining(", "));
    }

    private void comment(String text) {
        lines.add("-- " + text.replaceAll("\\s+", " "));
    }
}

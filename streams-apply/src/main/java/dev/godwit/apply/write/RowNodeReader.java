package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.RowImages;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what the constrained columns of a batch's rows hold on the target now, and lets the target write the new
 * values in its own text.
 */
final class RowNodeReader {
    private final Dialect dialect;

    RowNodeReader(Dialect dialect) {
        this.dialect = dialect;
    }

    List<RowNode> read(Connection connection, Table table, Collection<Change> changes, List<String> constrained)
            throws SQLException {
        List<Change> ordered = List.copyOf(changes);
        List<Column> key = table.primaryKeyColumns();
        List<Column> columns = constrained.stream().map(table::requireColumn).toList();
        if (dialect.rowImages().isPresent()) {
            return nodes(dialect.rowImages().get(), connection, table, ordered, columns);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql(table, key, columns))) {
            int parameter = 1;
            for (int i = 0; i < key.size(); i++) {
                int place = i;
                statement.setArray(parameter++, array(connection, ordered, change -> change.key()
                        .values()
                        .get(place)));
            }
            for (Column column : columns) {
                statement.setArray(parameter++, array(connection, ordered, change -> afterValue(change, column)));
            }
            try (ResultSet row = statement.executeQuery()) {
                List<RowNode> nodes = new ArrayList<>();
                while (row.next()) {
                    nodes.add(node(row, ordered.get(row.getInt(1) - 1), columns));
                }
                return nodes;
            }
        }
    }

    private String sql(Table table, List<Column> key, List<Column> columns) {
        List<String> parameters = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        List<String> joins = new ArrayList<>();
        List<String> selected =
                new ArrayList<>(List.of("x.ord", "t." + dialect.quote(key.get(0).name()) + " IS NOT NULL"));
        for (Column column : key) {
            aliases.add("c" + aliases.size());
            parameters.add("?::text[]");
            joins.add("t." + dialect.quote(column.name()) + " = x." + aliases.get(aliases.size() - 1) + "::"
                    + column.type().castName());
        }
        for (Column column : columns) {
            aliases.add("c" + aliases.size());
            parameters.add("?::text[]");
            selected.add("t." + dialect.quote(column.name()) + "::text");
            selected.add("(x." + aliases.get(aliases.size() - 1) + "::"
                    + column.type().castName() + ")::text");
        }
        return "SELECT " + String.join(", ", selected) + " FROM unnest(" + String.join(", ", parameters)
                + ") WITH ORDINALITY AS x(" + String.join(", ", aliases) + ", ord) LEFT JOIN "
                + dialect.quote(table.name())
                + " AS t ON " + String.join(" AND ", joins) + " ORDER BY x.ord";
    }

    private static List<RowNode> nodes(
            RowImages images, Connection connection, Table table, List<Change> changes, List<Column> columns)
            throws SQLException {
        List<String[]> values = changes.stream()
                .map(change -> columns.stream()
                        .map(column -> afterValue(change, column))
                        .toArray(String[]::new))
                .toList();
        List<RowImages.Image> read = images.read(
                connection,
                table,
                changes.stream().map(change -> change.key().toArray()).toList(),
                columns,
                values);
        List<RowNode> nodes = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            RowImages.Image image = read.get(i);
            Change change = changes.get(i);
            Map<String, String> before = new HashMap<>();
            Map<String, String> after = new HashMap<>();
            for (int c = 0; c < columns.size(); c++) {
                String name = columns.get(c).name();
                before.put(name, image.before()[c]);
                boolean sent =
                        change.operation() == Operation.UPSERT && change.after().isSent(name);
                after.put(name, sent ? image.after()[c] : image.before()[c]);
            }
            nodes.add(new RowNode(change, image.exists(), before, after));
        }
        return nodes;
    }

    private static RowNode node(ResultSet row, Change change, List<Column> columns) throws SQLException {
        Map<String, String> before = new HashMap<>();
        Map<String, String> after = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).name();
            before.put(name, row.getString(3 + 2 * i));
            boolean sent =
                    change.operation() == Operation.UPSERT && change.after().isSent(name);
            after.put(name, sent ? row.getString(4 + 2 * i) : before.get(name));
        }
        return new RowNode(change, row.getBoolean(2), before, after);
    }

    private static String afterValue(Change change, Column column) {
        return change.operation() == Operation.UPSERT && change.after().isSent(column.name())
                ? change.after().value(column.name())
                : null;
    }

    /** The text of one column for every change. */
    private interface Text {
        String of(Change change);
    }

    private static java.sql.Array array(Connection connection, List<Change> changes, Text text) throws SQLException {
        String[] values = new String[changes.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = text.of(changes.get(i));
        }
        return connection.createArrayOf("text", values);
    }
}

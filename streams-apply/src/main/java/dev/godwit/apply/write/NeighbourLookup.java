package dev.godwit.apply.write;

import dev.godwit.apply.change.Key;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Asks an SQL database, inside the transaction of the connection, which parents or children are there. */
record NeighbourLookup(Connection connection, Dialect dialect, Catalog catalog) implements HeldUpRows.Lookup {

    /** Whether the product takes such a question: arrays that are unnested. */
    static boolean isPossible(Dialect dialect) {
        return dialect.rowImages().isEmpty();
    }

    @Override
    public Collection<Integer> withoutParent(ForeignKey key, List<String[]> children) throws SQLException {
        Unnested asked = unnested("x", catalog.table(key.child()).orElseThrow(), key.childColumns());
        String sql = "SELECT x.ord FROM " + asked.sql + " WHERE NOT EXISTS (SELECT 1 FROM "
                + dialect.quote(key.parent()) + " AS n WHERE " + equal(key.parentColumns(), asked.values) + ")";
        return places(sql, columns(children, key.childColumns().size()));
    }

    @Override
    public Collection<Integer> withChildren(ForeignKey key, List<String[]> parents, List<Key> except)
            throws SQLException {
        Unnested asked = unnested("x", catalog.table(key.parent()).orElseThrow(), key.parentColumns());
        Table child = catalog.table(key.child()).orElseThrow();
        Unnested known = unnested("k", child, child.primaryKey());
        String sql = "SELECT x.ord FROM " + asked.sql + " WHERE EXISTS (SELECT 1 FROM "
                + dialect.quote(key.child()) + " AS n WHERE " + equal(key.childColumns(), asked.values) + " AND ("
                + child.primaryKey().stream()
                        .map(column -> "n." + dialect.quote(column))
                        .collect(Collectors.joining(", "))
                + ") NOT IN (SELECT " + String.join(", ", known.values) + " FROM " + known.sql + "))";
        List<String[]> parameters =
                new ArrayList<>(columns(parents, key.parentColumns().size()));
        parameters.addAll(columns(
                except.stream().map(Key::toArray).toList(), child.primaryKey().size()));
        return places(sql, parameters);
    }

    /**
     * Arrays of texts as rows.
     *
     * @param values each with its type
     */
    private record Unnested(String sql, List<String> values) {}

    private static Unnested unnested(String alias, Table table, List<String> columns) {
        List<String> parameters = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String column : columns) {
            String name = "c" + aliases.size();
            parameters.add("?::text[]");
            aliases.add(name);
            values.add(alias + "." + name + "::"
                    + table.requireColumn(column).type().castName());
        }
        String sql = "unnest(" + String.join(", ", parameters) + ") WITH ORDINALITY AS " + alias + "("
                + String.join(", ", aliases) + ", ord)";
        return new Unnested(sql, values);
    }

    private String equal(List<String> columns, List<String> values) {
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            equal.add("n." + dialect.quote(columns.get(i)) + " = " + values.get(i));
        }
        return String.join(" AND ", equal);
    }

    private static List<String[]> columns(List<String[]> rows, int count) {
        List<String[]> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = i;
            columns.add(rows.stream().map(row -> row[place]).toArray(String[]::new));
        }
        return columns;
    }

    private Collection<Integer> places(String sql, List<String[]> parameters) throws SQLException {
        List<Integer> places = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setArray(i + 1, connection.createArrayOf("text", parameters.get(i)));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    places.add(row.getInt(1) - 1);
                }
            }
        }
        return places;
    }
}

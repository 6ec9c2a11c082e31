package dev.godwit.apply.write;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.RowImages;
import dev.godwit.database.dialect.RowWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Writes nothing: tells how many of the rows are there. For updates of which everything but the key was left out. */
final class RowCount implements RowWrite {
    private final Optional<RowImages> images;
    private final Table table;
    private final String sql;
    private final int[] keyPlaces;

    /** @param columns of the rows that {@link #execute} gets; contains the primary key */
    RowCount(Dialect dialect, Table table, List<Column> columns) {
        this.images = dialect.rowImages();
        this.table = table;
        List<Column> key = table.primaryKeyColumns();
        List<String> parameters = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        List<String> joins = new ArrayList<>();
        for (Column column : key) {
            String alias = "c" + aliases.size();
            aliases.add(alias);
            parameters.add("?::text[]");
            joins.add("t." + dialect.quote(column.name()) + " = x." + alias + "::"
                    + column.type().castName());
        }
        this.sql = "SELECT count(*) FROM " + dialect.quote(table.name()) + " AS t JOIN unnest("
                + String.join(", ", parameters) + ") AS x(" + String.join(", ", aliases) + ") ON "
                + String.join(" AND ", joins);
        this.keyPlaces = key.stream().mapToInt(columns::indexOf).toArray();
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        if (images.isPresent()) {
            List<String[]> keys = rows.stream()
                    .map(row -> Arrays.stream(keyPlaces)
                            .mapToObj(place -> row[place])
                            .toArray(String[]::new))
                    .toList();
            return Math.toIntExact(images.get().read(connection, table, keys, List.of(), List.of()).stream()
                    .filter(RowImages.Image::exists)
                    .count());
        }
        try (PreparedStatement count = connection.prepareStatement(sql)) {
            for (int i = 0; i < keyPlaces.length; i++) {
                int place = keyPlaces[i];
                Object[] values = rows.stream().map(row -> row[place]).toArray();
                count.setArray(i + 1, connection.createArrayOf("text", values));
            }
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return Math.toIntExact(row.getLong(1));
            }
        }
    }
}

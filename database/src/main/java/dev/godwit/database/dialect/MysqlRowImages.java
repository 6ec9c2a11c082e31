package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts are told by their weights in the collation of their column, which is what MySQL's indexes hold. */
final class MysqlRowImages implements RowImages {
    private final MysqlDialect dialect;

    MysqlRowImages(MysqlDialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public List<Image> read(
            Connection connection, Table table, List<String[]> keys, List<Column> columns, List<String[]> values)
            throws SQLException {
        Map<String, String[]> before = before(connection, table, keys, columns);
        List<String[]> after = columns.isEmpty() ? List.of() : after(connection, columns, values);
        List<Image> images = new ArrayList<>();
        List<Object[]> converted = MysqlRows.values(table.primaryKeyColumns(), keys);
        for (int i = 0; i < keys.size(); i++) {
            String[] found = before.get(MysqlKeys.name(converted.get(i)));
            images.add(new Image(
                    found != null,
                    found == null ? new String[columns.size()] : found,
                    columns.isEmpty() ? new String[0] : after.get(i)));
        }
        return images;
    }

    private Map<String, String[]> before(Connection connection, Table table, List<String[]> keys, List<Column> columns)
            throws SQLException {
        MysqlKeys primary = new MysqlKeys(dialect, table);
        List<Column> key = table.primaryKeyColumns();
        String selected = Stream.concat(
                        key.stream().map(column -> dialect.selected(dialect.quote(column.name()), column.type())),
                        columns.stream().map(column -> image(dialect.quote(column.name()), column.type())))
                .collect(Collectors.joining(", "));
        Map<String, String[]> rows = new HashMap<>();
        MysqlRows.run(
                connection,
                count -> "SELECT " + selected + " FROM " + dialect.quote(table.name()) + " WHERE "
                        + primary.condition(count) + " FOR UPDATE",
                MysqlRows.values(key, keys),
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            Object[] values = new Object[key.size()];
                            for (int i = 0; i < values.length; i++) {
                                values[i] = MysqlValues.value(
                                        key.get(i),
                                        dialect.read(row, i + 1, key.get(i).type()));
                            }
                            rows.put(MysqlKeys.name(values), images(row, key.size(), columns));
                        }
                    }
                    return 0;
                });
        return rows;
    }

    private List<String[]> after(Connection connection, List<Column> columns, List<String[]> values)
            throws SQLException {
        String one = columns.stream()
                .map(column -> image(isText(column.type()) ? weighed(column.type()) : "?", column.type()))
                .collect(Collectors.joining(", ", "SELECT ", ""));
        List<Object[]> parameters = MysqlRows.values(columns, values);
        List<String[]> read = new ArrayList<>();
        for (Object[] row : parameters) {
            String[] images = new String[columns.size()];
            for (int i = 0; i < images.length; i++) {
                images[i] = row[i] == null || isText(columns.get(i).type()) ? null : MysqlValues.comparable(row[i]);
            }
            read.add(images);
        }
        if (columns.stream().noneMatch(column -> isText(column.type()))) {
            return read;
        }
        List<Object[]> numbered = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            List<Object> row = new ArrayList<>();
            row.add(new BigDecimal(i));
            row.addAll(Arrays.asList(parameters.get(i)));
            numbered.add(row.toArray());
        }
        String select = one.replaceFirst("SELECT ", "SELECT ?, ");
        MysqlRows.run(
                connection,
                count -> String.join(" UNION ALL ", Collections.nCopies(count, select)),
                numbered,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            String[] images = read.get(row.getInt(1));
                            for (int i = 0; i < images.length; i++) {
                                if (isText(columns.get(i).type())) {
                                    images[i] = row.getString(i + 2);
                                }
                            }
                        }
                    }
                    return 0;
                });
        return read;
    }

    private String[] images(ResultSet row, int offset, List<Column> columns) throws SQLException {
        String[] images = new String[columns.size()];
        for (int i = 0; i < images.length; i++) {
            Column column = columns.get(i);
            if (isText(column.type())) {
                images[i] = row.getString(offset + i + 1);
            } else {
                String text = dialect.read(row, offset + i + 1, column.type());
                images[i] = text == null ? null : MysqlValues.comparable(MysqlValues.value(column, text));
            }
        }
        return images;
    }

    private String image(String value, ColumnType type) {
        return isText(type)
                ? "HEX(WEIGHT_STRING(" + value + "))"
                : value.equals("?") ? "?" : dialect.selected(value, type);
    }

    /** A parameter as the column would hold it. The type's cast name is its collation. */
    private static String weighed(ColumnType type) {
        String collation = type.castName();
        return "CONVERT(? USING " + collation.replaceFirst("_.*", "") + ") COLLATE " + collation;
    }

    private static boolean isText(ColumnType type) {
        return type.kind() == TypeKind.TEXT || type.kind() == TypeKind.CHAR || type.kind() == TypeKind.ENUM;
    }
}

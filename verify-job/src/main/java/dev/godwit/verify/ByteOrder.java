package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which texts a side orders by their bytes without being told to.
 *
 * @param isUtf8 whether that is the order of code points too, and the same bytes are the same text on both sides
 * @param columns those whose own order, and so that of their index, goes by bytes
 */
record ByteOrder(boolean isUtf8, Set<String> columns) {
    /** A collation's or the database's provider and locale; older versions lack some of the columns that {@code to_jsonb} shows. */
    private static final String SQL = """
            SELECT a.attname, pg_encoding_to_char(d.encoding) AS encoding,
              CASE c.collprovider WHEN 'd' THEN coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') ELSE c.collprovider::text END
                AS provider,
              CASE c.collprovider WHEN 'd' THEN d.datcollate ELSE c.collcollate END AS libc,
              CASE c.collprovider WHEN 'd' THEN to_jsonb(d) ->> 'datlocale' ELSE to_jsonb(c) ->> 'colllocale' END AS locale
            FROM pg_database d
            LEFT JOIN pg_attribute a ON a.attrelid = ?::regclass AND a.attnum > 0 AND a.attcollation <> 0
            LEFT JOIN pg_collation c ON c.oid = a.attcollation
            WHERE d.datname = current_database()""";

    /** All others of MySQL's, utf8mb4_bin among them, take blanks at the end for nothing. */
    private static final String MYSQL_BY_CODE_POINT = "utf8mb4_0900_bin";

    private static final Set<String> LIBC = Set.of("C", "POSIX");
    /** The built-in provider orders all its locales by code point. */
    private static final Set<String> BUILT_IN = Set.of("C", "C.UTF-8");

    /** @param key the columns of the table's key */
    static ByteOrder read(Database database, Connection connection, TableName table, List<Column> key)
            throws SQLException {
        if (database.product() == Product.COCKROACHDB) {
            return new ByteOrder(true, Set.of());
        }
        if (database.product() == Product.MYSQL) {
            return new ByteOrder(
                    true,
                    key.stream()
                            .filter(column -> column.type().castName().equals(MYSQL_BY_CODE_POINT))
                            // These are ordered by their declaration.
                            .filter(column -> column.type().labels().isEmpty())
                            .map(Column::name)
                            .collect(Collectors.toSet()));
        }
        String relation = database.dialect().quote(table);
        Set<String> columns = new HashSet<>();
        boolean utf8 = true;
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, relation);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    utf8 = "UTF8".equals(row.getString("encoding"));
                    String provider = String.valueOf(row.getString("provider"));
                    boolean byBytes =
                            switch (provider) {
                                case "c" -> LIBC.contains(String.valueOf(row.getString("libc")));
                                case "b" -> BUILT_IN.contains(String.valueOf(row.getString("locale")));
                                default -> false;
                            };
                    if (byBytes) {
                        columns.add(row.getString("attname"));
                    }
                }
            }
        }
        return new ByteOrder(utf8, columns);
    }
}

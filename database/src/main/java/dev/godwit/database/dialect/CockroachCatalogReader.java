package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** CockroachDB's {@code pg_catalog} is close to PostgreSQL's; hidden columns and the names of text types are its own. */
final class CockroachCatalogReader extends PgCatalogReader {
    private final Connection connection;
    /** The collations of collated strings, by {@code schema.table.column}. */
    private final Map<String, String> collations = new HashMap<>();

    CockroachCatalogReader(Connection connection, Dialect dialect, TableScope scope) {
        super(connection, dialect, new CockroachTypes(), scope);
        this.connection = connection;
    }

    @Override
    Set<String> hiddenColumns() throws SQLException {
        Set<String> hidden = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_schema || '.' || table_name || '.' || column_name,"
                        + " is_hidden = 'YES', collation_name FROM information_schema.columns"
                        + " WHERE is_hidden = 'YES' OR collation_name IS NOT NULL")) {
            while (row.next()) {
                if (row.getBoolean(2)) {
                    hidden.add(row.getString(1));
                }
                if (row.getString(3) != null) {
                    collations.put(row.getString(1), row.getString(3));
                }
            }
        }
        return hidden;
    }

    /** A text is turned into a collated one by its collation; a bare cast to {@code string} would not fit the column. */
    @Override
    ColumnType typeOf(String column, ColumnType type) {
        String collation = collations.get(column);
        if (collation == null || !type.isSupported()) {
            return type;
        }
        String words = " COLLATE \"" + collation.replace("\"", "\"\"") + '"';
        return new ColumnType(
                type.kind(),
                type.name() + words,
                type.castName() + words,
                type.modifier(),
                type.element(),
                type.baseName(),
                type.labels());
    }

    @Override
    boolean isCoarse(String column) {
        return collations.containsKey(column);
    }

    /** {@code pg_collation} says nothing here: texts are equal only if their bytes are, but for {@linkplain #isCoarse collated strings}. */
    @Override
    String deterministicCollation() {
        return "true";
    }

    @Override
    String deterministicIndex() {
        return "true";
    }

    private static final class CockroachTypes extends PgTypes {
        @Override
        String castName(TypeKind kind, String typeName) {
            return switch (kind) {
                case TEXT, CHAR -> "string";
                case BIT -> "varbit";
                default -> typeName;
            };
        }
    }
}

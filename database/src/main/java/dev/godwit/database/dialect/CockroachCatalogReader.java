package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column.Generation;
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
    /** {@code default} is no collation of the user's. */
    private static final String PECULIAR_COLUMNS =
            "SELECT table_schema || '.' || table_name || '.' || column_name, is_hidden = 'YES', collation_name,"
                    + " crdb_sql_type FROM information_schema.columns WHERE is_hidden = 'YES'"
                    + " OR collation_name <> 'default' OR crdb_sql_type LIKE 'TIME%(%' OR crdb_sql_type LIKE 'INTERVAL_%'";

    private final Connection connection;
    /** The collations of collated strings, by {@code schema.table.column}. */
    private final Map<String, String> collations = new HashMap<>();
    /** What columns of time keep less than everything, by {@code schema.table.column}. */
    private final Map<String, Integer> precisions = new HashMap<>();

    CockroachCatalogReader(Connection connection, Dialect dialect, TableScope scope) {
        super(connection, dialect, new CockroachTypes(), scope);
        this.connection = connection;
    }

    @Override
    Set<String> hiddenColumns() throws SQLException {
        Set<String> hidden = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PECULIAR_COLUMNS)) {
            while (row.next()) {
                String column = row.getString(1);
                if (row.getBoolean(2)) {
                    hidden.add(column);
                }
                String collation = row.getString(3);
                if (collation != null && !collation.equals("default")) {
                    collations.put(column, collation);
                }
                CockroachPrecision.modifier(row.getString(4)).ifPresent(modifier -> precisions.put(column, modifier));
            }
        }
        return hidden;
    }

    @Override
    ColumnType typeOf(String column, ColumnType type, Generation generation) {
        if (generation == Generation.IDENTITY_ALWAYS) {
            // It has no OVERRIDING SYSTEM VALUE (cockroach#68201), so nobody can write such a column, COPY neither.
            return new ColumnType(
                    TypeKind.OTHER,
                    type.name() + " GENERATED ALWAYS AS IDENTITY (CockroachDB takes no value for it; make it GENERATED"
                            + " BY DEFAULT)",
                    type.castName(),
                    -1,
                    null);
        }
        if (precisions.containsKey(column)) {
            return precise(type, precisions.get(column));
        }
        return collated(type, collations.get(column));
    }

    private static ColumnType precise(ColumnType type, int modifier) {
        return new ColumnType(
                type.kind(),
                type.name(),
                type.castName(),
                modifier,
                type.element() == null ? null : precise(type.element(), modifier),
                type.baseName(),
                type.labels());
    }

    /** A text is turned into a collated one by its collation; a bare cast to {@code string} would not fit the column. */
    private static ColumnType collated(ColumnType type, String collation) {
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

    @Override
    boolean hasKeysWithoutIndex() {
        return true;
    }

    @Override
    String constraintWords() {
        return "k.condef";
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

package dev.godwit.database.dialect;

import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/** CockroachDB's {@code pg_catalog} is close to PostgreSQL's; hidden columns and the names of text types are its own. */
final class CockroachCatalogReader extends PgCatalogReader {
    private final Connection connection;

    CockroachCatalogReader(Connection connection, Dialect dialect, TableScope scope) {
        super(connection, dialect, new CockroachTypes(), scope);
        this.connection = connection;
    }

    @Override
    Set<String> hiddenColumns() throws SQLException {
        Set<String> hidden = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_schema || '.' || table_name || '.' || column_name"
                        + " FROM information_schema.columns WHERE is_hidden = 'YES'")) {
            while (row.next()) {
                hidden.add(row.getString(1));
            }
        }
        return hidden;
    }

    /** CockroachDB's texts are equal only if their bytes are; its collated strings are a type of their own. */
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

package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types of one database, from {@code pg_type} and {@code pg_enum}; looks through domains and arrays. */
final class PgTypeReader {
    private final PgTypes builtIn;
    private final Map<Long, PgType> types = new HashMap<>();
    private final Map<Long, List<String>> labels = new HashMap<>();

    private PgTypeReader(PgTypes builtIn) {
        this.builtIn = builtIn;
    }

    /** A row of {@code pg_type}; the ids are 0 where there is no such type. */
    private record PgType(
            String schema,
            String name,
            String category,
            long elementId,
            long arrayId,
            long baseId,
            int baseModifier,
            boolean notNull) {

        boolean isDomain() {
            return category.equals("d");
        }

        String quoted() {
            return '"' + schema.replace("\"", "\"\"") + "\".\"" + name.replace("\"", "\"\"") + '"';
        }
    }

    static PgTypeReader read(Connection connection, PgTypes builtIn) throws SQLException {
        PgTypeReader reader = new PgTypeReader(builtIn);
        try (Statement statement = connection.createStatement()) {
            reader.readTypes(statement);
            reader.readLabels(statement);
        }
        return reader;
    }

    private void readTypes(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT t.oid, n.nspname, t.typname, t.typtype::text AS category, t.typelem, t.typarray, t.typbasetype,"
                        + " t.typtypmod, t.typnotnull FROM pg_catalog.pg_type t"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace")) {
            while (row.next()) {
                types.put(
                        row.getLong("oid"),
                        new PgType(
                                row.getString("nspname"),
                                row.getString("typname"),
                                row.getString("category"),
                                row.getLong("typelem"),
                                row.getLong("typarray"),
                                row.getLong("typbasetype"),
                                row.getInt("typtypmod"),
                                row.getBoolean("typnotnull")));
            }
        }
    }

    private void readLabels(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT enumtypid, enumlabel FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder")) {
            while (row.next()) {
                labels.computeIfAbsent(row.getLong("enumtypid"), id -> new ArrayList<>())
                        .add(row.getString("enumlabel"));
            }
        }
    }

    /**
     * @param modifier {@code atttypmod} of the column
     * @param display as {@code format_type} has it, with the modifier
     * @param deterministic whether texts are equal only if their bytes are
     */
    ColumnType type(long id, int modifier, String display, boolean deterministic) {
        PgType type = types.get(id);
        if (!deterministic) {
            // Two texts that differ would be one key to the database and two to us.
            return unsupported(type, display + " with a nondeterministic collation");
        }
        return type(id, type, modifier, display);
    }

    private ColumnType type(long id, PgType type, int modifier, String display) {
        if (type.isDomain()) {
            ColumnType base = type(type.baseId(), types.get(type.baseId()), type.baseModifier(), display);
            return new ColumnType(
                    base.kind(),
                    display,
                    // Not the domain: a cast to a domain over varchar(3) cuts as a cast to varchar(3) does.
                    base.castName(),
                    base.modifier(),
                    base.element(),
                    base.baseName(),
                    base.labels());
        }
        PgType element = types.get(type.elementId());
        // Types like point and int2vector have elements too, but are no arrays of them.
        if (element != null && element.arrayId() == id) {
            String elementDisplay =
                    display.endsWith("[]") ? display.substring(0, display.length() - 2) : element.quoted();
            ColumnType elementType = type(type.elementId(), element, modifier, elementDisplay);
            // A cast to an array of domains reads each element as input, which refuses instead of cutting.
            String elementCast = element.isDomain() ? element.quoted() : elementType.castName();
            return new ColumnType(
                    TypeKind.ARRAY, display, elementCast + "[]", modifier, elementType, type.name(), List.of());
        }
        if (type.category().equals("e")) {
            return new ColumnType(
                    TypeKind.ENUM,
                    display,
                    type.quoted(),
                    modifier,
                    null,
                    type.name(),
                    labels.getOrDefault(id, List.of()));
        }
        TypeKind kind = type.schema().equals("pg_catalog") ? builtIn.kind(type.name()) : TypeKind.OTHER;
        if (kind == TypeKind.OTHER) {
            return unsupported(type, display);
        }
        String castName = builtIn.castName(kind, type.name());
        return new ColumnType(kind, display, castName, modifier, null, type.name(), List.of());
    }

    private static ColumnType unsupported(PgType type, String display) {
        return new ColumnType(TypeKind.OTHER, display, type.quoted(), -1, null, type.name(), List.of());
    }

    /** Whether the type is a domain that takes no NULL. */
    boolean isNotNull(long id) {
        PgType type = types.get(id);
        return type.isDomain() && (type.notNull() || isNotNull(type.baseId()));
    }
}

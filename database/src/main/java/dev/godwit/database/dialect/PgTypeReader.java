package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Types of one database, from {@code pg_type} and {@code pg_enum}; looks through domains and arrays. */
final class PgTypeReader {
    /** Longer lists of ids make statements that say little more. */
    private static final int IDS_MAX = 1_000;

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

    /**
     * @param ids of the types wanted; those that these are made of are read too. A database has hundreds of types that no column of its tables is of.
     */
    static PgTypeReader read(Connection connection, PgTypes builtIn, Set<Long> ids) throws SQLException {
        PgTypeReader reader = new PgTypeReader(builtIn);
        try (Statement statement = connection.createStatement()) {
            Set<Long> asked = new HashSet<>();
            for (Set<Long> wanted = new TreeSet<>(ids); !wanted.isEmpty(); wanted.removeAll(asked)) {
                asked.addAll(wanted);
                wanted = reader.readTypes(statement, wanted);
                wanted.removeAll(reader.types.keySet());
            }
            reader.readLabels(statement);
        }
        return reader;
    }

    /** @return of what the types are made, 0 left out */
    private Set<Long> readTypes(Statement statement, Set<Long> ids) throws SQLException {
        Set<Long> parts = new TreeSet<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT t.oid, n.nspname, t.typname, t.typtype::text AS category, t.typelem, t.typarray, t.typbasetype,"
                        + " t.typtypmod, t.typnotnull FROM pg_catalog.pg_type t"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace" + among(" WHERE t.oid", ids))) {
            while (row.next()) {
                PgType type = new PgType(
                        row.getString("nspname"),
                        row.getString("typname"),
                        row.getString("category"),
                        row.getLong("typelem"),
                        row.getLong("typarray"),
                        row.getLong("typbasetype"),
                        row.getInt("typtypmod"),
                        row.getBoolean("typnotnull"));
                types.put(row.getLong("oid"), type);
                parts.add(type.elementId());
                parts.add(type.baseId());
            }
        }
        parts.remove(0L);
        return parts;
    }

    private void readLabels(Statement statement) throws SQLException {
        Set<Long> enums = new TreeSet<>();
        types.forEach((id, type) -> {
            if (type.category().equals("e")) {
                enums.add(id);
            }
        });
        if (enums.isEmpty()) {
            return;
        }
        try (ResultSet row = statement.executeQuery("SELECT enumtypid, enumlabel FROM pg_catalog.pg_enum"
                + among(" WHERE enumtypid", enums) + " ORDER BY enumtypid, enumsortorder")) {
            while (row.next()) {
                labels.computeIfAbsent(row.getLong("enumtypid"), id -> new ArrayList<>())
                        .add(row.getString("enumlabel"));
            }
        }
    }

    private static String among(String what, Set<Long> ids) {
        return ids.size() > IDS_MAX
                ? ""
                : ids.stream().map(String::valueOf).collect(Collectors.joining(", ", what + " IN (", ")"));
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

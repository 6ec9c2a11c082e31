package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.TypeWidening;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.Mismatch;
import dev.godwit.fetch.TableOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which values arrive as they are: those of types that both sides know, and for the rest their text, where the target keeps texts. */
final class TypeChecks {
    /** Their values name objects of one database, by numbers that mean something else, or nothing, in another. */
    private static final Set<String> OF_ONE_DATABASE = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype",
            "aclitem");

    /** Attributes of a composite type, or nothing if it is none. */
    private static final String ATTRIBUTES =
            "SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod),"
                    + " ', ' ORDER BY a.attnum) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
                    + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                    + " WHERE t.oid = to_regtype(?)";

    private final FetchRequest request;
    private final Problems problems;

    TypeChecks(FetchRequest request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    /** How a value comes into a column of another type. */
    enum Fit {
        /** Unchanged. */
        SAME,
        /** As its text. */
        AS_TEXT,
        /** As another kind of value with the same text: the mappings that MOLT's documentation lists. */
        MAPPED,
        NONE
    }

    static Fit fit(ColumnType target, ColumnType source) {
        if (isOfOneDatabase(source)) {
            return Fit.NONE;
        }
        if (TypeWidening.holds(target, source)) {
            return Fit.SAME;
        }
        if (source.kind() == TypeKind.ARRAY && target.kind() == TypeKind.ARRAY) {
            Fit elements = fit(target.element(), source.element());
            return elements == Fit.MAPPED ? Fit.NONE : elements;
        }
        if (source.kind() == TypeKind.OTHER && isUnlimitedText(target)) {
            return Fit.AS_TEXT;
        }
        return isMapped(source.kind(), source, target) || isMapped(target.kind(), target, source)
                ? Fit.MAPPED
                : Fit.NONE;
    }

    private static boolean isOfOneDatabase(ColumnType type) {
        return type.kind() == TypeKind.ARRAY
                ? isOfOneDatabase(type.element())
                : type.kind() == TypeKind.OTHER && OF_ONE_DATABASE.contains(type.baseName());
    }

    private static boolean isUnlimitedText(ColumnType type) {
        return type.kind() == TypeKind.TEXT && type.modifier() == -1;
    }

    /** In one of the two directions; each holds in both. */
    private static boolean isMapped(TypeKind kind, ColumnType one, ColumnType other) {
        return switch (kind) {
            case TIMESTAMP -> other.kind() == TypeKind.TIMESTAMPTZ && one.modifier() == other.modifier();
            case UUID -> other.kind() == TypeKind.TEXT;
            case BOOLEAN -> other.kind() == TypeKind.INTEGER && other.integerBytes() == Short.BYTES;
            case VARBIT -> other.kind() == TypeKind.TEXT || other.kind() == TypeKind.BOOLEAN;
            case JSONB, INET, ENUM -> isUnlimitedText(other);
            default -> false;
        };
    }

    /** Whether the text of a boolean has to become a number. */
    static boolean needsNumber(ColumnType source, ColumnType target) {
        return source.kind() == TypeKind.BOOLEAN && target.kind() == TypeKind.INTEGER;
    }

    /** For a table that is made anew. Returns its name if it cannot be loaded then. */
    Set<TableName> checkCreated(Table table, MappedTable mapping) {
        Set<TableName> broken = new HashSet<>();
        for (Column column : table.columns()) {
            if (mapping.leftOut().contains(column.name())) {
                continue;
            }
            boolean carried = request.tableOptions().purpose() == TableOptions.Purpose.LOAD
                    ? !isOfOneDatabase(column.type())
                    : column.type().isSupported();
            if (!carried) {
                broken.add(table.name());
                problems.add(notCarried(table.name(), column));
            } else if (!column.type().isSupported() && request.target().product() != Product.POSTGRESQL) {
                problems.add(asText(table.name(), column));
            }
        }
        return broken;
    }

    static Mismatch notCarried(TableName table, Column column) {
        return new Mismatch(
                "type_not_carried",
                table,
                "column " + table + "." + column.name() + ": type " + column.type() + " is not carried by this version",
                "leave the column out by a transformation, or the table by the table filter",
                true);
    }

    static Mismatch asText(TableName table, Column column) {
        return new Mismatch(
                "type_as_text",
                table,
                "column " + table + "." + column.name() + ": values of type " + column.type()
                        + " become their text on the target",
                "",
                false);
    }

    /** Composite types of the same name must have the same attributes. Returns the tables that have a problem. */
    Set<TableName> checkUserTypes(
            Connection source, Connection target, List<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        Set<TableName> broken = new HashSet<>();
        if (request.target().product() != Product.POSTGRESQL) {
            return broken;
        }
        for (Table table : tables) {
            for (Column column : table.columns()) {
                if (mappings.get(table.name()).leftOut().contains(column.name())) {
                    continue;
                }
                String type = innermost(column.type());
                if (type == null) {
                    continue;
                }
                Optional<String> here = attributes(source, type);
                Optional<String> there = attributes(target, type);
                if (here.isPresent() && there.isPresent() && !here.equals(there)) {
                    broken.add(table.name());
                    problems.add(new Mismatch(
                            "composite_type",
                            table.name(),
                            "column " + table.name() + "." + column.name() + ": type " + type + " is (" + here.get()
                                    + ") on the source and (" + there.get() + ") on the target",
                            "make the two the same",
                            true));
                }
            }
        }
        return broken;
    }

    private static String innermost(ColumnType type) {
        return switch (type.kind()) {
            case ARRAY -> innermost(type.element());
            case OTHER -> type.castName();
            default -> null;
        };
    }

    private static Optional<String> attributes(Connection connection, String type) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTES)) {
            statement.setString(1, type);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }
}

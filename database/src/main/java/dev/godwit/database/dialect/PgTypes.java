package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;

/** Maps the rows of {@code pg_type} to {@link ColumnType}. */
class PgTypes {

    /**
     * @param typeName {@code typname} of the type, or of its base type where it is a domain
     * @param category {@code typtype}: b base, e enum, c composite, r range, ...
     * @param qualifiedName schema and name in quotes, for types made by users
     * @param displayName as {@code format_type} has it, with the modifier
     */
    ColumnType scalar(
            String typeName, String category, String qualifiedName, String displayName, int modifier, boolean domain) {
        TypeKind kind = category.equals("e") ? TypeKind.ENUM : kind(typeName);
        String castName = kind == TypeKind.ENUM || domain ? qualifiedName : castName(kind, typeName);
        return new ColumnType(kind, displayName, castName, modifier, null);
    }

    ColumnType array(ColumnType element, String displayName, int modifier) {
        return new ColumnType(TypeKind.ARRAY, displayName, element.castName() + "[]", modifier, element);
    }

    private static TypeKind kind(String typeName) {
        return switch (typeName) {
            case "bool" -> TypeKind.BOOLEAN;
            case "int2", "int4", "int8" -> TypeKind.INTEGER;
            case "float4" -> TypeKind.FLOAT4;
            case "float8" -> TypeKind.FLOAT8;
            case "numeric" -> TypeKind.DECIMAL;
            case "text", "varchar" -> TypeKind.TEXT;
            case "bpchar" -> TypeKind.CHAR;
            case "bytea" -> TypeKind.BYTES;
            case "uuid" -> TypeKind.UUID;
            case "date" -> TypeKind.DATE;
            case "time" -> TypeKind.TIME;
            case "timetz" -> TypeKind.TIMETZ;
            case "timestamp" -> TypeKind.TIMESTAMP;
            case "timestamptz" -> TypeKind.TIMESTAMPTZ;
            case "interval" -> TypeKind.INTERVAL;
            case "json" -> TypeKind.JSON;
            case "jsonb" -> TypeKind.JSONB;
            case "inet" -> TypeKind.INET;
            case "bit" -> TypeKind.BIT;
            case "varbit" -> TypeKind.VARBIT;
            default -> TypeKind.OTHER;
        };
    }

    String castName(TypeKind kind, String typeName) {
        // The bare word bit means bit(1); in quotes it is the type without a length.
        return kind == TypeKind.BIT ? "pg_catalog.\"bit\"" : typeName;
    }
}

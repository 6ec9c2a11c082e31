package dev.godwit.database.dialect;

import dev.godwit.database.type.TypeKind;

/** Maps the built-in types, by their {@code typname}, to ours. */
class PgTypes {

    TypeKind kind(String typeName) {
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

    /** How the type is written behind {@code ::} so that no length applies. */
    String castName(TypeKind kind, String typeName) {
        // The bare word bit means bit(1); in quotes it is the type without a length.
        return kind == TypeKind.BIT ? "pg_catalog.\"bit\"" : typeName;
    }
}

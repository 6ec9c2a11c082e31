package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;

/** How a type of a PostgreSQL source is written in a {@code CREATE TABLE} of the target. */
final class TargetTypes {
    /** What PostgreSQL adds to a length before it stores it as a modifier. */
    private static final int LENGTH_OFFSET = 4;

    private TargetTypes() {}

    static String of(Product target, ColumnDefinition column) {
        return target == Product.POSTGRESQL
                ? column.displayType()
                : cockroach(column.column().type(), column.displayType());
    }

    /** By kind and modifier, so that a domain becomes the type below it. What CockroachDB has not becomes the text of the value. */
    private static String cockroach(ColumnType type, String display) {
        int modifier = type.modifier();
        return switch (type.kind()) {
            case BOOLEAN -> "BOOL";
            case INTEGER -> "INT" + type.integerBytes();
            case FLOAT4 -> "FLOAT4";
            case FLOAT8 -> "FLOAT8";
            case DECIMAL -> decimal(modifier);
            case TEXT -> modifier == -1 ? "STRING" : "VARCHAR(" + (modifier - LENGTH_OFFSET) + ")";
            case CHAR -> modifier == -1 ? "STRING" : "CHAR(" + (modifier - LENGTH_OFFSET) + ")";
            case BYTES -> "BYTES";
            case UUID -> "UUID";
            case DATE -> "DATE";
            case TIME -> "TIME" + digits(modifier);
            case TIMETZ -> "TIMETZ" + digits(modifier);
            case TIMESTAMP -> "TIMESTAMP" + digits(modifier);
            case TIMESTAMPTZ -> "TIMESTAMPTZ" + digits(modifier);
            case INTERVAL -> modifier == -1 || !display.startsWith("interval") ? "INTERVAL" : display;
            case JSON, JSONB -> "JSONB";
            case INET -> "INET";
            case BIT -> "BIT(" + Math.max(1, modifier) + ")";
            case VARBIT -> modifier == -1 ? "VARBIT" : "VARBIT(" + modifier + ")";
            case ENUM -> type.castName();
            case ARRAY -> cockroach(type.element(), "") + "[]";
            case OTHER -> "STRING";
        };
    }

    private static String digits(int modifier) {
        return modifier == -1 ? "" : "(" + modifier + ")";
    }

    private static String decimal(int modifier) {
        if (modifier == -1) {
            return "DECIMAL";
        }
        int packed = modifier - LENGTH_OFFSET;
        int precision = (packed >> 16) & 0xffff;
        int scale = ((packed & 0x7ff) ^ 1024) - 1024;
        // Scales below zero and beyond the precision exist from PostgreSQL 15 on, and there only.
        return scale < 0 || scale > precision ? "DECIMAL" : "DECIMAL(" + precision + "," + scale + ")";
    }
}

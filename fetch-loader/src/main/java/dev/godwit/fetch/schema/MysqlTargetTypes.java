package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;

/** How a type of MySQL is written in a {@code CREATE TABLE} of the target: the table in docs/mysql.md. */
final class MysqlTargetTypes {
    /** What the catalog adds to a length before it packs it into the modifier. */
    private static final int LENGTH_OFFSET = 4;

    private MysqlTargetTypes() {}

    /** @param enumType the name of the target's enum type for this column, in quotes */
    static String of(Product target, ColumnType type, String enumType) {
        boolean cockroach = target == Product.COCKROACHDB;
        int modifier = type.modifier();
        return switch (type.kind()) {
            case BOOLEAN -> "BOOL";
            case INTEGER -> "INT" + type.integerBytes();
            case DECIMAL ->
                "DECIMAL(" + ((modifier - LENGTH_OFFSET) >> 16) + "," + ((modifier - LENGTH_OFFSET) & 0x7ff) + ")";
            case FLOAT4 -> "FLOAT4";
            case FLOAT8 -> "FLOAT8";
            case BIT -> "BIT(" + modifier + ")";
            case CHAR -> "CHAR(" + Math.max(1, modifier - LENGTH_OFFSET) + ")";
            case TEXT ->
                modifier > LENGTH_OFFSET
                        ? "VARCHAR(" + (modifier - LENGTH_OFFSET) + ")"
                        : cockroach ? "STRING" : "TEXT";
            case BYTES -> cockroach ? "BYTES" : "BYTEA";
            case DATE -> "DATE";
            case TIME -> "TIME(" + modifier + ")";
            case INTERVAL -> "INTERVAL(" + (modifier & 0xffff) + ")";
            case TIMESTAMP -> "TIMESTAMP(" + modifier + ")";
            case TIMESTAMPTZ -> "TIMESTAMPTZ(" + modifier + ")";
            case JSON, JSONB -> "JSONB";
            case ENUM -> enumType;
            default -> throw new IllegalArgumentException("type " + type + " is not carried");
        };
    }
}

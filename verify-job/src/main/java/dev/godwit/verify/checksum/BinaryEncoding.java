package dev.godwit.verify.checksum;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own binary form of a row ({@code record_send}), which both sides have if both are PostgreSQL: each column with its type, its
 * length, -1 for NULL, and the exact bytes of the value. About twice as fast as any text.
 *
 * <p>Every column is cast to one built-in type first: a domain, an enum and the other width of a type have other numbers on the other side.
 */
final class BinaryEncoding implements RowEncoding {

    @Override
    public boolean covers(ColumnType source, ColumnType target) {
        if (source.kind() != target.kind()) {
            return false; // float4 in float8, json in jsonb: equal values that are never equal bytes
        }
        return switch (source.kind()) {
            case OTHER -> false;
            case ARRAY -> covers(source.element(), target.element());
            default -> true;
        };
    }

    @Override
    public String hash(SqlNames names, List<Column> columns) {
        String row = columns.stream()
                .map(column -> value(names.name(column), column.type().kind()))
                .collect(Collectors.joining(", ", "ROW(", ")"));
        return "pg_catalog.encode(pg_catalog.sha256(pg_catalog.record_send(" + row + ")), 'hex')";
    }

    private static String value(String name, TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> name + "::pg_catalog.bool";
            case INTEGER -> name + "::pg_catalog.int8";
            case FLOAT4 -> name + "::pg_catalog.float4";
            case FLOAT8 -> name + "::pg_catalog.float8";
            // 1.0 and 1.00 are one number and two binary forms.
            case DECIMAL -> "pg_catalog.trim_scale(" + name + ")";
            case BYTES -> name + "::pg_catalog.bytea";
            case UUID -> name + "::pg_catalog.uuid";
            case DATE -> name + "::pg_catalog.date";
            case TIME -> name + "::pg_catalog.time";
            case TIMETZ -> name + "::pg_catalog.timetz";
            case TIMESTAMP -> name + "::pg_catalog.timestamp";
            case TIMESTAMPTZ -> name + "::pg_catalog.timestamptz";
            case INTERVAL -> name + "::pg_catalog.interval";
            case JSONB -> name + "::pg_catalog.jsonb";
            case INET -> name + "::pg_catalog.inet";
            case BIT, VARBIT -> name + "::pg_catalog.varbit";
            // The cast of a char(n) to text cuts the blanks that mean nothing. The text of an array is free of type
            // numbers.
            case TEXT, CHAR, JSON, ENUM, ARRAY -> name + "::pg_catalog.text";
            case OTHER -> throw new IllegalArgumentException("not covered: " + name);
        };
    }
}

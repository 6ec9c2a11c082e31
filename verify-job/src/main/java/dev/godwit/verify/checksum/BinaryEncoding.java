package dev.godwit.verify.checksum;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own binary form of each value, which is exact for every type. Two PostgreSQL only.
 *
 * <p>A row without NULL is its values one behind the other. Each tells where it ends: it has a fixed length, or says how long it is, or is a text, in
 * which PostgreSQL never has a byte of zero, with such a byte behind it. A row with NULL is {@code record_send} of the row, which
 * takes longer. What makes the first the faster one is that nothing has to be looked up per row and per value.
 */
final class BinaryEncoding implements RowEncoding {
    private static final String WITHOUT_NULL = "'\\x00'::pg_catalog.bytea";
    private static final String WITH_NULL = "'\\x01'::pg_catalog.bytea";
    private static final String HASHED = "'\\x02'::pg_catalog.bytea";
    /** What PostgreSQL takes. */
    private static final int ARGUMENTS_MAX = 100;

    @Override
    public boolean covers(ColumnType source, ColumnType target) {
        if (source.kind() != target.kind()) {
            return false; // float4 in float8, json in jsonb: equal values that are never equal bytes
        }
        return switch (source.kind()) {
            case OTHER -> source.castName().equals(target.castName());
            case ARRAY -> covers(source.element(), target.element());
            default -> true;
        };
    }

    @Override
    public String row(SqlNames names, List<RowColumn> columns) {
        String values = columns.stream().map(column -> sent(names, column)).collect(Collectors.joining(" || "));
        List<String> nullable = columns.stream()
                .filter(column -> !column.inKey())
                .map(column -> names.name(column.column()))
                .toList();
        if (nullable.isEmpty()) {
            return WITHOUT_NULL + " || " + values;
        }
        String record = columns.stream()
                .map(column -> value(names, column))
                .collect(Collectors.joining(", ", "pg_catalog.record_send(ROW(", "))"));
        return "CASE WHEN " + nulls(nullable) + " = 0 THEN " + WITHOUT_NULL + " || " + values + " ELSE " + WITH_NULL
                + " || " + record + " END";
    }

    /** The data decides, not what the catalog says of NOT NULL: with a NULL among them the row would have no bytes at all. */
    private static String nulls(List<String> names) {
        List<String> sums = new ArrayList<>();
        for (int i = 0; i < names.size(); i += ARGUMENTS_MAX) {
            sums.add("pg_catalog.num_nulls("
                    + String.join(", ", names.subList(i, Math.min(names.size(), i + ARGUMENTS_MAX))) + ")");
        }
        return String.join(" + ", sums);
    }

    @Override
    public String capped(SqlNames names, String row) {
        return "CASE WHEN pg_catalog.octet_length(" + row + ") > " + ROW_BYTES_MAX + " THEN " + HASHED
                + " || pg_catalog.sha256(" + row + ") ELSE " + row + " END";
    }

    @Override
    public String hash(SqlNames names, String bytes) {
        return "pg_catalog.encode(pg_catalog.sha256(" + bytes + "), 'hex')";
    }

    /** A third shorter. */
    @Override
    public String digest(SqlNames names, String bytes) {
        return "pg_catalog.encode(pg_catalog.sha256(" + bytes + "), 'base64')";
    }

    private static String sent(SqlNames names, RowColumn column) {
        String value = value(names, column);
        String function = "pg_catalog."
                + switch (column.column().type().kind()) {
                    case BOOLEAN -> "boolsend";
                    case INTEGER -> "int8send";
                    case FLOAT4 -> "float4send";
                    case FLOAT8 -> "float8send";
                    case DECIMAL -> "numeric_send";
                    case BYTES -> "int4send(pg_catalog.octet_length(" + value + ")) || ";
                    case UUID -> "uuid_send";
                    case DATE -> "date_send";
                    case TIME -> "time_send";
                    case TIMETZ -> "timetz_send";
                    case TIMESTAMP -> "timestamp_send";
                    case TIMESTAMPTZ -> "timestamptz_send";
                    case INTERVAL -> "interval_send";
                    case JSONB -> "jsonb_send";
                    case INET -> "inet_send";
                    case BIT, VARBIT -> "varbit_send";
                    case TEXT, CHAR, JSON, ENUM, ARRAY, OTHER -> "textsend";
                };
        return function + "(" + value + ")"
                + (endsWithZero(column.column().type().kind()) ? " || '\\x00'" : "");
    }

    private static boolean endsWithZero(TypeKind kind) {
        return switch (kind) {
            case TEXT, CHAR, JSON, JSONB, ENUM, ARRAY, OTHER -> true;
            default -> false;
        };
    }

    private static String value(SqlNames names, RowColumn column) {
        String name = names.name(column.column());
        return switch (column.column().type().kind()) {
            case BOOLEAN -> name + "::pg_catalog.bool";
            case INTEGER -> name + "::pg_catalog.int8";
            case FLOAT4 -> name + "::pg_catalog.float4";
            case FLOAT8 -> name + "::pg_catalog.float8";
            // 1.0 and 1.00 are one number and two binary forms.
            case DECIMAL ->
                column.hasOneScale() ? name + "::pg_catalog.numeric" : "pg_catalog.trim_scale(" + name + ")";
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
            case TEXT, CHAR, JSON, ENUM, ARRAY, OTHER -> name + "::pg_catalog.text";
        };
    }
}

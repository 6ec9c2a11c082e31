package dev.godwit.verify.checksum;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Texts that PostgreSQL, CockroachDB and MySQL write in the same way, one behind the other so that only one row can have made them: each value ends
 * with a bar; one whose text may hold a bar or be empty begins with its length; NULL is a bar alone.
 */
final class TextEncoding implements RowEncoding {

    @Override
    public boolean covers(ColumnType source, ColumnType target) {
        if (source.kind() != target.kind()) {
            return false;
        }
        return switch (source.kind()) {
            case BOOLEAN, INTEGER, TEXT, CHAR, BYTES, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> true;
            case INET, BIT, VARBIT, ENUM -> true;
            // With one scale on both sides the text has its zeros on both sides.
            case DECIMAL -> source.modifier() != -1 && scale(source) == scale(target) && target.modifier() != -1;
            // 1e+06 and 1000000; +02 and +02:00:00; another order of keys; other quotes.
            case FLOAT4, FLOAT8, TIMETZ, JSON, JSONB, ARRAY, OTHER -> false;
        };
    }

    private static int scale(ColumnType type) {
        return (type.modifier() - 4) & 0x7ff;
    }

    @Override
    public String row(SqlNames names, List<RowColumn> columns) {
        if (names.isMysql()) {
            return columns.stream()
                    .map(column -> MysqlNames.value(names.dialect(), column.column()))
                    .collect(Collectors.joining(", '|', ", "CONCAT(", ", '|')"));
        }
        return columns.stream().map(column -> value(names, column.column())).collect(Collectors.joining(" || '|' || "))
                + " || '|'";
    }

    @Override
    public String capped(SqlNames names, String row) {
        // No value begins with this sign, nor does a length.
        return "CASE WHEN octet_length(" + row + ") > " + ROW_BYTES_MAX + " THEN '#' || " + hash(names, row) + " ELSE "
                + row + " END";
    }

    @Override
    public String hash(SqlNames names, String bytes) {
        if (names.isMysql()) {
            return "SHA2(" + bytes + ", 256)";
        }
        return names.isCockroach()
                ? "sha256(" + bytes + ")"
                : "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(" + bytes + ", 'UTF8')), 'hex')";
    }

    private static String value(SqlNames names, Column column) {
        String text = names.text(column);
        return switch (column.type().kind()) {
            case BOOLEAN, INTEGER, DECIMAL, BYTES, UUID, DATE, TIME, TIMESTAMP, INTERVAL, INET ->
                "coalesce(" + text + ", '')";
            case TIMESTAMPTZ ->
                "coalesce((" + names.name(column) + " AT TIME ZONE 'UTC')::" + (names.isCockroach() ? "STRING" : "text")
                        + ", '')";
            case TEXT, BIT, VARBIT, ENUM -> withLength(text);
            case CHAR -> withLength("rtrim(" + text + ", ' ')");
            case FLOAT4, FLOAT8, TIMETZ, JSON, JSONB, ARRAY, OTHER ->
                throw new IllegalArgumentException("not covered: " + column);
        };
    }

    private static String withLength(String text) {
        return "coalesce(octet_length(" + text + ")::varchar || ':' || " + text + ", '')";
    }
}

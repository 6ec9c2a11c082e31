package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

/**
 * MySQL's values as the text that PostgreSQL's input functions take: the one text form of Godwit.
 *
 * <p>Long values are selected as they are: a function that would make a longer one of them than {@code max_allowed_packet} gives NULL, with
 * no more than a warning.
 */
final class MysqlText {
    private MysqlText() {}

    static String selected(String column, ColumnType type) {
        return switch (type.kind()) {
            // Another number stays one, for somebody to refuse.
            case BOOLEAN ->
                "CASE " + column + " WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE CAST(" + column + " AS CHAR) END";
            // Plus zero takes the zeros of ZEROFILL away, and makes a number of YEAR.
            case INTEGER -> "CAST(" + column + " + 0 AS CHAR)";
            case DECIMAL -> "CAST(" + column + " AS CHAR)";
            // Else a FLOAT has six digits, and FLOAT(7,2) two behind the point. Plus zero would take the sign of -0.
            case FLOAT4, FLOAT8 -> "CAST(" + column + " * 1e0 AS CHAR)";
            case BIT -> "LPAD(BIN(" + column + " + 0), " + type.modifier() + ", '0')";
            case DATE, TIME, INTERVAL, TIMESTAMP -> "CAST(" + column + " AS CHAR)";
            case TIMESTAMPTZ -> "CONCAT(CAST(" + column + " AS CHAR), '+00')";
            default -> column;
        };
    }

    /** As {@link #selected}, with NULL for 0000-00-00. Dates of which only month or day is zero stay what they are, for somebody to refuse. */
    static String selectedWithoutZeroDates(String column, ColumnType type) {
        return switch (type.kind()) {
            case DATE, TIMESTAMP, TIMESTAMPTZ -> "IF(" + column + " = 0, NULL, " + selected(column, type) + ")";
            default -> selected(column, type);
        };
    }

    static String read(ResultSet row, int place, ColumnType type) throws SQLException {
        return switch (type.kind()) {
            case BYTES -> {
                byte[] bytes = row.getBytes(place);
                yield bytes == null ? null : "\\x" + HexFormat.of().formatHex(bytes);
            }
            default -> row.getString(place);
        };
    }
}

package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.mysql.RowQuery.Field;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** Rows in COPY's text form (PostgreSQL documentation, "COPY", "Text Format"). Refuses what the target would not take as it is. Used by one thread. */
final class RowText {
    /** MySQL allows dates that no calendar has, if the server's sql_mode does. */
    private static final Pattern NO_DATE = Pattern.compile("0000-.*|[0-9]{4}-00-.*|[0-9]{4}-[0-9]{2}-00.*");

    private final Dialect source;
    private final List<Field> fields;
    private final List<ColumnType> types;
    private StringBuilder text = new StringBuilder();

    RowText(Dialect source, List<Field> fields) {
        this.source = source;
        this.fields = fields;
        this.types = fields.stream()
                .map(field -> new ColumnType(field.kind(), "", "", -1, null))
                .toList();
    }

    /** The row on which the result stands, with its line end. */
    byte[] of(ResultSet row) throws SQLException {
        text.setLength(0);
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                text.append('\t');
            }
            String value = source.read(row, i + 1, types.get(i));
            if (value == null) {
                text.append("\\N");
            } else {
                require(fields.get(i), value, row);
                append(fields.get(i), value);
            }
        }
        byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        if (text.capacity() > 1 << 20) {
            text = new StringBuilder(); // one long row must not keep its memory
        }
        return bytes;
    }

    private void require(Field field, String value, ResultSet row) throws SQLException {
        if (isDated(field.kind()) && NO_DATE.matcher(value).matches()) {
            throw refused(
                    field,
                    value,
                    row,
                    "a date that no calendar has and the target cannot hold; give these rows a date or NULL on the source");
        }
        if (isNoBoolean(field, value)) {
            throw refused(
                    field,
                    value,
                    row,
                    "and the target's column is a boolean, which holds 0 and 1 alone; make it INT2 there, or mend the rows");
        }
    }

    private static boolean isNoBoolean(Field field, String value) {
        return switch (value) {
            case "0", "1" -> field.kind() == TypeKind.BOOLEAN;
            case "true", "false" -> field.asBoolean();
            default -> field.asBoolean() || field.kind() == TypeKind.BOOLEAN;
        };
    }

    private static boolean isDated(TypeKind kind) {
        return kind == TypeKind.DATE || kind == TypeKind.TIMESTAMP || kind == TypeKind.TIMESTAMPTZ;
    }

    private SQLDataException refused(Field field, String value, ResultSet row, String why) throws SQLException {
        return new SQLDataException(
                "column \"" + field.column() + "\" holds " + value + " in the row " + named(row) + ", " + why, "22008");
    }

    private String named(ResultSet row) throws SQLException {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).key()) {
                name.append(name.isEmpty() ? "" : ", ")
                        .append(fields.get(i).column())
                        .append(" = ")
                        .append(source.read(row, i + 1, types.get(i)));
            }
        }
        return name.isEmpty() ? "that begins with " + row.getString(1) : name.toString();
    }

    private void append(Field field, String value) throws SQLException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case 0 ->
                    throw new SQLDataException(
                            "column \"" + field.column()
                                    + "\" holds a text that has a character with the code 0, which the target cannot hold",
                            "22021");
                default -> text.append(c);
            }
        }
    }
}

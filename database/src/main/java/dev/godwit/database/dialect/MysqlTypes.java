package dev.godwit.database.dialect;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** What MySQL's types are called here. Modifiers are packed as PostgreSQL packs them, so that the two can be put against each other. */
final class MysqlTypes {
    /** PostgreSQL counts its own header in the length of a text. */
    private static final int HEADER = 4;
    /** Of an interval: years to seconds, as PostgreSQL packs it. */
    private static final int ALL_FIELDS = 0x7fff << 16;

    private MysqlTypes() {}

    /**
     * A row of {@code information_schema.columns}.
     *
     * @param columnType with length and attributes: {@code decimal(12,2) unsigned}
     * @param dataType the bare name
     * @param length in characters, or in bytes for binary types; 0 where there is none
     * @param fractionDigits of a type of time
     * @param collation of a type of text, else empty; it becomes the cast name
     */
    record Declared(
            String columnType,
            String dataType,
            long length,
            int precision,
            int scale,
            int fractionDigits,
            String collation) {

        boolean isUnsigned() {
            return columnType.contains(" unsigned");
        }
    }

    static ColumnType of(Declared declared, MysqlView view, String table, String column) {
        String name = declared.columnType();
        String base = declared.dataType();
        if (view.booleans().contains(table, column, name.equals("tinyint(1)"), name)) {
            return type(TypeKind.BOOLEAN, name, base, -1);
        }
        if (view.textEnums().contains(table, column, base.equals("enum"), name)) {
            return new ColumnType(TypeKind.TEXT, name, declared.collation(), -1, null, base, labels(name));
        }
        return of(declared, view.timesAreIntervals());
    }

    private static ColumnType of(Declared declared, boolean timesAreIntervals) {
        String name = declared.columnType();
        String base = declared.dataType();
        return switch (base) {
            case "tinyint" -> integer(name, Short.BYTES);
            case "smallint" -> integer(name, declared.isUnsigned() ? Integer.BYTES : Short.BYTES);
            case "year" -> integer(name, Short.BYTES);
            case "mediumint" -> integer(name, Integer.BYTES);
            case "int" -> integer(name, declared.isUnsigned() ? Long.BYTES : Integer.BYTES);
            // 2^64 - 1 has twenty digits.
            case "bigint" ->
                declared.isUnsigned() ? type(TypeKind.DECIMAL, name, base, decimal(20, 0)) : integer(name, Long.BYTES);
            case "decimal" -> type(TypeKind.DECIMAL, name, base, decimal(declared.precision(), declared.scale()));
            case "float" -> type(TypeKind.FLOAT4, name, base, -1);
            case "double" -> type(TypeKind.FLOAT8, name, base, -1);
            case "bit" -> type(TypeKind.BIT, name, base, declared.precision());
            case "char" -> text(TypeKind.CHAR, declared, (int) declared.length() + HEADER);
            case "varchar" -> text(TypeKind.TEXT, declared, (int) declared.length() + HEADER);
            case "tinytext", "text", "mediumtext", "longtext" -> text(TypeKind.TEXT, declared, -1);
            case "binary" -> type(TypeKind.BYTES, name, base, (int) declared.length());
            case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> type(TypeKind.BYTES, name, base, -1);
            case "date" -> type(TypeKind.DATE, name, base, -1);
            case "time" ->
                timesAreIntervals
                        ? type(TypeKind.INTERVAL, name, base, ALL_FIELDS | declared.fractionDigits())
                        : type(TypeKind.TIME, name, base, declared.fractionDigits());
            case "datetime" -> type(TypeKind.TIMESTAMP, name, base, declared.fractionDigits());
            case "timestamp" -> type(TypeKind.TIMESTAMPTZ, name, base, declared.fractionDigits());
            case "json" -> type(TypeKind.JSONB, name, base, -1);
            case "enum" -> new ColumnType(TypeKind.ENUM, name, declared.collation(), -1, null, base, labels(name));
            case "set" -> new ColumnType(TypeKind.TEXT, name, declared.collation(), -1, null, base, labels(name));
            default -> type(TypeKind.OTHER, name, base, -1);
        };
    }

    private static ColumnType text(TypeKind kind, Declared declared, int modifier) {
        return new ColumnType(
                kind, declared.columnType(), declared.collation(), modifier, null, declared.dataType(), List.of());
    }

    private static ColumnType integer(String name, int bytes) {
        return type(TypeKind.INTEGER, name, "int" + bytes, -1);
    }

    private static ColumnType type(TypeKind kind, String name, String base, int modifier) {
        return new ColumnType(kind, name, base, modifier, null, base, List.of());
    }

    private static int decimal(int precision, int scale) {
        return ((precision << 16) | scale) + HEADER;
    }

    /** The labels of {@code enum('a','it''s')}. */
    static List<String> labels(String columnType) {
        List<String> labels = new ArrayList<>();
        StringBuilder label = null;
        for (int i = columnType.indexOf('('); i < columnType.length(); i++) {
            char c = columnType.charAt(i);
            if (label == null) {
                if (c == '\'') {
                    label = new StringBuilder();
                }
            } else if (c != '\'') {
                label.append(c);
            } else if (i + 1 < columnType.length() && columnType.charAt(i + 1) == '\'') {
                label.append('\'');
                i++;
            } else {
                labels.add(label.toString());
                label = null;
            }
        }
        return labels;
    }
}

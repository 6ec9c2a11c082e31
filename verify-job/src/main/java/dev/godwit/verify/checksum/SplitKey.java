package dev.godwit.verify.checksum;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The key of a table in one side's SQL, in the order of {@link dev.godwit.verify.value.KeyOrder}, and how it is compared with keys at which
 * ranges are cut. The two sides' comparisons agree on every key; a row without a part does not exist, since key columns are never NULL.
 *
 * @param order one expression per key column
 * @param casts the types of those of the first columns that ranges are cut by; fewer than columns, perhaps none
 * @param literals for each of them how a key's text becomes a literal
 */
public record SplitKey(List<String> order, List<String> casts, List<UnaryOperator<String>> literals) {
    /** Ordered alike by PostgreSQL and CockroachDB. They disagree on NaN, on blanks in char(n), and perhaps on more that is rare in a key. */
    private static final Set<TypeKind> SHARED = Set.of(
            TypeKind.BOOLEAN,
            TypeKind.INTEGER,
            TypeKind.TEXT,
            TypeKind.BYTES,
            TypeKind.UUID,
            TypeKind.ENUM,
            TypeKind.DATE,
            TypeKind.TIME,
            TypeKind.TIMESTAMP,
            TypeKind.TIMESTAMPTZ);

    /** MySQL has no NaN, and counts its largest integers among the decimals. */
    private static final Set<TypeKind> SHARED_WITH_MYSQL = Set.of(
            TypeKind.INTEGER,
            TypeKind.DECIMAL,
            TypeKind.TEXT,
            TypeKind.BYTES,
            TypeKind.ENUM,
            TypeKind.DATE,
            TypeKind.TIME,
            TypeKind.TIMESTAMP,
            TypeKind.TIMESTAMPTZ);

    /** Whether both products put every key of these types on the same side of every other key. */
    public static boolean splits(Product sourceProduct, ColumnType source, Product targetProduct, ColumnType target) {
        if (source.kind() != target.kind()) {
            return false;
        }
        if (sourceProduct == Product.MYSQL || targetProduct == Product.MYSQL) {
            return SHARED_WITH_MYSQL.contains(source.kind());
        }
        boolean sameProduct = sourceProduct == Product.POSTGRESQL && targetProduct == Product.POSTGRESQL;
        return sameProduct || SHARED.contains(source.kind());
    }

    /**
     * @param byteOrdered names of text columns whose own order is that of their bytes, so that an index serves
     * @param splitColumns how many of the first columns ranges are cut by
     */
    public static SplitKey of(SqlNames names, List<Column> key, Set<String> byteOrdered, int splitColumns) {
        List<String> order = new ArrayList<>();
        for (Column column : key) {
            order.add(ordered(names, column, byteOrdered.contains(column.name())));
        }
        List<Column> split = key.subList(0, splitColumns);
        return new SplitKey(
                order,
                split.stream().map(column -> cast(names, column.type().kind())).toList(),
                split.stream()
                        .map(column -> literal(names, column, byteOrdered.contains(column.name())))
                        .toList());
    }

    private static UnaryOperator<String> literal(SqlNames names, Column column, boolean byteOrdered) {
        TypeKind kind = column.type().kind();
        if (names.isMysql()) {
            return text -> MysqlNames.literal(names.dialect(), kind, byteOrdered, text);
        }
        String cast = cast(names, kind);
        return text -> "'" + text.replace("'", "''") + "'::" + cast;
    }

    private static String ordered(SqlNames names, Column column, boolean byteOrdered) {
        if (names.isMysql()) {
            return MysqlNames.ordered(names.dialect(), column, byteOrdered);
        }
        return switch (column.type().kind()) {
            // Their own order may be another on either side.
            case ENUM, INET, OTHER -> names.text(column) + (names.isCockroach() ? "" : " COLLATE pg_catalog.\"C\"");
            case TEXT, CHAR ->
                names.name(column) + (names.isCockroach() || byteOrdered ? "" : " COLLATE pg_catalog.\"C\"");
            default -> names.name(column);
        };
    }

    /** Not for MySQL. Wide enough for the values of the other side, and without a length that would cut or pad. */
    private static String cast(SqlNames names, TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> "bool";
            case INTEGER -> "int8";
            case FLOAT4 -> "float4";
            case FLOAT8 -> "float8";
            case DECIMAL -> "numeric";
            case TEXT, ENUM, INET, OTHER -> names.isCockroach() ? "STRING" : "text";
            case CHAR -> "bpchar";
            case BYTES -> "bytea";
            case UUID -> "uuid";
            case DATE -> "date";
            case TIME -> "time";
            case TIMETZ -> "timetz";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMPTZ -> "timestamptz";
            case INTERVAL -> "interval";
            case BIT -> "pg_catalog.\"bit\"";
            case VARBIT -> "varbit";
            case JSON, JSONB, ARRAY -> throw new IllegalArgumentException("no key is of type " + kind);
        };
    }

    /** For use behind ORDER BY. */
    public String orderBy() {
        return String.join(", ", order);
    }

    /** A condition that holds for the keys of the range; empty if all are. */
    public String in(KeyRange range) {
        List<String> conditions = new ArrayList<>();
        if (!range.from().isEmpty()) {
            conditions.add(tuple() + " >= " + literal(range.from()));
        }
        if (!range.to().isEmpty()) {
            conditions.add(tuple() + " < " + literal(range.to()));
        }
        return String.join(" AND ", conditions);
    }

    /** SQL for the number of the part that a row's key lies in, if keys are cut at these, which are in order. */
    public String part(List<List<String>> cuts) {
        return part(cuts, 0, cuts.size());
    }

    /** A tree: each row is compared with as many cuts as the logarithm says. */
    private String part(List<List<String>> cuts, int low, int high) {
        if (low == high) {
            return Integer.toString(low);
        }
        int middle = (low + high) >>> 1;
        return "CASE WHEN " + tuple() + " < " + literal(cuts.get(middle)) + " THEN " + part(cuts, low, middle)
                + " ELSE " + part(cuts, middle + 1, high) + " END";
    }

    /** A condition that holds for keys from one to another, both given as SQL for a row of as many values as ranges are cut by. */
    String between(String from, String to) {
        return tuple() + " >= " + from + " AND " + tuple() + " < " + to;
    }

    /** Names for the columns that ranges are cut by. */
    List<String> columns(String prefix) {
        return columns(prefix, casts.size());
    }

    List<String> columns(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(i -> prefix + i).toList();
    }

    /** The same as {@link #in} for a range with both ends, which are parameters: first those of its beginning, then those of its end. */
    public String inParameters() {
        String parameters = casts.stream().map(cast -> "?::" + cast).collect(Collectors.joining(", ", "(", ")"));
        return between(parameters, parameters);
    }

    private String tuple() {
        return order.subList(0, casts.size()).stream().collect(Collectors.joining(", ", "(", ")"));
    }

    private String literal(List<String> key) {
        return "(" + literals(key) + ")";
    }

    String literals(List<String> key) {
        return IntStream.range(0, casts.size())
                .mapToObj(i -> literals.get(i).apply(key.get(i)))
                .collect(Collectors.joining(", "));
    }
}

package dev.godwit.database.type;

import java.util.List;

/**
 * The type of a column.
 *
 * <p>Inside Godwit every value is the text that the database's own input function takes ({@code null} for SQL NULL): it is the
 * one representation in which nothing is lost, neither digits nor infinity nor the scale of a decimal. {@link #castName()} turns that text into
 * the type.
 *
 * @param kind what kind of value
 * @param name the type as a user writes it, with its modifier: {@code numeric(12,2)}, {@code character varying(40)}
 * @param castName the type without modifier, as it must stand behind {@code ::}. A cast to {@code varchar(3)} cuts a longer text
 *     in silence, whereas an assignment to a column of that type refuses it; so casts never carry the modifier, and for a
 *     domain, which has one of its own, this is the type below it.
 * @param modifier length, precision and scale, or fractional digits as the product counts them; -1 if there is none. That of a
 *     domain is the one of the type below it.
 * @param element the type of the elements, for {@link TypeKind#ARRAY}; else null
 * @param baseName the catalog's bare name of the type, and for a domain of the type below it: {@code int4}, {@code varchar}
 * @param labels the labels of an enum in their order; empty for other types
 */
public record ColumnType(
        TypeKind kind,
        String name,
        String castName,
        int modifier,
        ColumnType element,
        String baseName,
        List<String> labels) {
    public ColumnType {
        labels = List.copyOf(labels);
    }

    /** A type that is no domain, and whose labels are not known if it is an enum. */
    public ColumnType(TypeKind kind, String name, String castName, int modifier, ColumnType element) {
        this(kind, name, castName, modifier, element, castName, List.of());
    }

    /** Whether this version carries its values. */
    public boolean isSupported() {
        return kind == TypeKind.ARRAY ? element != null && element.isSupported() : kind != TypeKind.OTHER;
    }

    /** How many bytes an {@link TypeKind#INTEGER} has: 2, 4 or 8. */
    public int integerBytes() {
        return switch (baseName) {
            case "int2" -> Short.BYTES;
            case "int4" -> Integer.BYTES;
            default -> Long.BYTES;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}

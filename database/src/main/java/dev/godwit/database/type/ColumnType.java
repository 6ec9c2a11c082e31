package dev.godwit.database.type;

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
 *     in silence, whereas an assignment to a column of that type refuses it; so casts never carry the modifier.
 * @param modifier length, precision and scale, or fractional digits as the product counts them; -1 if there is none
 * @param element the type of the elements, for {@link TypeKind#ARRAY}; else null
 */
public record ColumnType(TypeKind kind, String name, String castName, int modifier, ColumnType element) {

    public boolean isSupported() {
        return kind == TypeKind.ARRAY ? element != null && element.isSupported() : kind != TypeKind.OTHER;
    }

    @Override
    public String toString() {
        return name;
    }
}

package dev.godwit.verify.value;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The order of a key column: the one in which both databases are asked to deliver, and by which their rows are merged. Immutable.
 *
 * <p>Texts go by code point, which is {@code COLLATE "C"} in a UTF-8 database, never by a locale; enums go by their text too, since the
 * two sides may list their labels in different orders.
 */
public final class KeyOrder {
    private final Function<String, Comparable<?>> part;

    private KeyOrder(Function<String, Comparable<?>> part) {
        this.part = part;
    }

    /** Empty for types that cannot be ordered the same way on both sides: JSON, arrays, and ranges of decimals. */
    public static Optional<KeyOrder> of(
            Product sourceProduct, ColumnType source, Product targetProduct, ColumnType target) {
        boolean cockroach = sourceProduct == Product.COCKROACHDB || targetProduct == Product.COCKROACHDB;
        Infinity infinity = cockroach ? Infinity.AS_LARGEST_TIMESTAMP : Infinity.OF_ITS_OWN;
        boolean narrow = source.kind() == TypeKind.FLOAT4 || target.kind() == TypeKind.FLOAT4;
        if (source.kind() == TypeKind.OTHER || target.kind() == TypeKind.OTHER) {
            boolean oneText = ValueRule.exists(sourceProduct, source, targetProduct, target)
                    && !RangeText.isOfDecimals(source.baseName());
            return oneText ? Optional.of(new KeyOrder(CodePoints::new)) : Optional.empty();
        }
        return Optional.ofNullable(part(source.kind(), infinity, narrow)).map(KeyOrder::new);
    }

    private static Function<String, Comparable<?>> part(TypeKind kind, Infinity infinity, boolean narrow) {
        return switch (kind) {
            case BOOLEAN -> Meaning::bool;
            case INTEGER -> Long::valueOf;
            case DECIMAL -> Decimal::parse;
            // An index takes -0 for 0; adding 0 makes it so. NaN is the greatest for Java as for PostgreSQL.
            case FLOAT4, FLOAT8 ->
                narrow ? text -> FloatText.float4(text) + 0.0f : text -> FloatText.float8(text) + 0.0;
            case TEXT, ENUM, BIT, VARBIT -> CodePoints::new;
            // As one spelling, in the order of that text.
            case INET -> CodePoints::new;
            case CHAR -> text -> new CodePoints(Meaning.withoutTrailingBlanks(text));
            case BYTES, UUID -> text -> text.toLowerCase(Locale.ROOT);
            case DATE -> DateTimeText::days;
            case TIME -> TimeText::micros;
            case TIMETZ -> TimeText::withOffset;
            case TIMESTAMP, TIMESTAMPTZ -> text -> DateTimeText.micros(text, infinity);
            case INTERVAL -> text -> IntervalText.parse(text).estimatedMicros();
            case JSON, JSONB, ARRAY, OTHER -> null;
        };
    }

    /**
     * The value as an object that compares with those of the same column.
     *
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} or {@link ArithmeticException} if the text is no value of the type
     */
    public Comparable<?> part(String text) {
        return part.apply(text);
    }
}

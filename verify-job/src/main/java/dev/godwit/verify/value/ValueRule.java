package dev.godwit.verify.value;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.Objects;
import java.util.function.Function;

/**
 * Decides whether two values of a column, one from each side and both as text, mean the same.
 *
 * <p>Equal text is equal. Different text is equal only where both are read as the same value of the type: a text that cannot be read
 * equals nothing but itself, so a form that this version does not know may cost a false "different" but never a false "equal".
 * NULL equals only NULL. Immutable and thread-safe.
 *
 * <table>
 * <caption>what counts as equal</caption>
 * <tr><td>decimals, integers</td><td>the same number: 1.0 and 1.00</td></tr>
 * <tr><td>floats</td><td>the same bits, any NaN being the same; so -0 differs from 0</td></tr>
 * <tr><td>a float4 kept in a float8</td><td>the shortest decimal or the exact binary value of the float4</td></tr>
 * <tr><td>text, enums</td><td>the same characters</td></tr>
 * <tr><td>char(n)</td><td>the same characters, trailing blanks aside</td></tr>
 * <tr><td>timestamptz</td><td>the same instant</td></tr>
 * <tr><td>timetz</td><td>the same time and the same offset</td></tr>
 * <tr><td>interval</td><td>the same months, days and microseconds: 1 month is not 30 days</td></tr>
 * <tr><td>JSON</td><td>the same value: order of keys and white space aside, numbers by their exact value</td></tr>
 * <tr><td>arrays</td><td>the same dimensions, element by element</td></tr>
 * <tr><td>ranges of decimals</td><td>the same bounds, as numbers</td></tr>
 * <tr><td>all others, among them other ranges, composites, money, xml, network and geometric types</td><td>the same text; between two PostgreSQL
 * only</td></tr>
 * </table>
 */
public final class ValueRule {
    private final Function<String, Object> source;
    private final Function<String, Object> target;

    private ValueRule(Function<String, Object> source, Function<String, Object> target) {
        this.source = source;
        this.target = target;
    }

    /** Whether values of the two types can be compared at all. */
    public static boolean exists(Product sourceProduct, ColumnType source, Product targetProduct, ColumnType target) {
        if (source.kind() == TypeKind.ARRAY && target.kind() == TypeKind.ARRAY) {
            return source.element() != null
                    && target.element() != null
                    && exists(sourceProduct, source.element(), targetProduct, target.element());
        }
        if (source.kind() == TypeKind.OTHER || target.kind() == TypeKind.OTHER) {
            // One product writes one type in one way, whatever the type is.
            return sourceProduct == Product.POSTGRESQL
                    && targetProduct == Product.POSTGRESQL
                    && source.kind() == target.kind()
                    && source.castName().equals(target.castName());
        }
        return family(source.kind()) == family(target.kind());
    }

    private static TypeKind family(TypeKind kind) {
        return switch (kind) {
            case FLOAT4 -> TypeKind.FLOAT8;
            case JSON -> TypeKind.JSONB;
            default -> kind;
        };
    }

    /**
     * The rule for a column of these types.
     *
     * @throws IllegalArgumentException if there {@linkplain #exists is none}
     */
    public static ValueRule between(
            Product sourceProduct, ColumnType source, Product targetProduct, ColumnType target) {
        if (!exists(sourceProduct, source, targetProduct, target)) {
            throw new IllegalArgumentException("values of " + source + " and " + target + " cannot be compared");
        }
        boolean cockroach = sourceProduct == Product.COCKROACHDB || targetProduct == Product.COCKROACHDB;
        Infinity infinity = cockroach ? Infinity.AS_LARGEST_TIMESTAMP : Infinity.OF_ITS_OWN;
        return new ValueRule(Meaning.of(source, target, infinity), Meaning.of(target, source, infinity));
    }

    /**
     * Whether the two values mean the same.
     *
     * @param sourceText null for SQL NULL
     * @param targetText null for SQL NULL
     */
    public boolean equal(String sourceText, String targetText) {
        if (sourceText == null || targetText == null) {
            return sourceText == null && targetText == null;
        }
        return sourceText.equals(targetText)
                || Objects.equals(Meaning.read(source, sourceText), Meaning.read(target, targetText));
    }
}

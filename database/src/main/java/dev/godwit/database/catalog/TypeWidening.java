package dev.godwit.database.catalog;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;

/** Whether one type can take the values of another without losing or changing any. Modifiers are as PostgreSQL packs them. */
public final class TypeWidening {
    private static final int FRACTIONAL_DIGITS_MAX = 6;
    private static final int ALL_FIELDS = 0x7fff;
    private static final int ALL_DIGITS = 0xffff;

    private TypeWidening() {}

    /** Whether every value of {@code source} has an equal value in {@code target}. */
    public static boolean holds(ColumnType target, ColumnType source) {
        if (target.kind() != source.kind()) {
            boolean json = source.kind() == TypeKind.JSON && target.kind() == TypeKind.JSONB;
            return json || (source.kind() == TypeKind.FLOAT4 && target.kind() == TypeKind.FLOAT8);
        }
        return switch (source.kind()) {
            case INTEGER -> target.integerBytes() >= source.integerBytes();
            case ARRAY -> holds(target.element(), source.element());
            case DECIMAL -> holdsDecimal(target.modifier(), source.modifier());
            case TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ ->
                fractionalDigits(target.modifier()) >= fractionalDigits(source.modifier());
            case INTERVAL -> holdsInterval(target.modifier(), source.modifier());
            // Another length would pad, and a bit string has exactly one.
            case BIT, CHAR -> target.modifier() == source.modifier();
            case ENUM -> holdsEnum(target, source);
            case OTHER -> target.baseName().equals(source.baseName());
            case TEXT, VARBIT ->
                target.modifier() == -1 || (source.modifier() != -1 && target.modifier() >= source.modifier());
            case BOOLEAN, FLOAT4, FLOAT8, BYTES, UUID, DATE, JSON, JSONB, INET -> true;
        };
    }

    /**
     * Whether every value of {@code source} either has an equal value in {@code target} or is refused by the database. Too large a number is
     * refused; too many fractional digits are rounded in silence, and blanks at the end of too long a text are cut in silence.
     */
    static boolean holdsOrRefuses(ColumnType target, ColumnType source) {
        if (target.kind() != source.kind()) {
            return source.kind() == TypeKind.JSONB && target.kind() == TypeKind.JSON;
        }
        return switch (source.kind()) {
            case INTEGER, VARBIT, ENUM -> true;
            case ARRAY -> holdsOrRefuses(target.element(), source.element());
            case DECIMAL ->
                target.modifier() == -1
                        || (source.modifier() != -1 && scale(target.modifier()) >= scale(source.modifier()));
            default -> holds(target, source);
        };
    }

    private static boolean holdsDecimal(int target, int source) {
        return target == -1
                || (source != -1
                        && scale(target) >= scale(source)
                        && precision(target) - scale(target) >= precision(source) - scale(source));
    }

    /** Precision and scale are packed as {@code ((precision << 16) | scale) + 4}, with an 11-bit signed scale. */
    private static int precision(int modifier) {
        return ((modifier - 4) >> 16) & 0xffff;
    }

    private static int scale(int modifier) {
        return (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    }

    /** None means all: {@code timestamp} is {@code timestamp(6)}. */
    private static int fractionalDigits(int modifier) {
        return modifier == -1 ? FRACTIONAL_DIGITS_MAX : modifier;
    }

    /** Fields and digits are packed as {@code (fields << 16) | digits}; which fields lie within others is not worth knowing. */
    private static boolean holdsInterval(int target, int source) {
        return (fields(target) == ALL_FIELDS || fields(target) == fields(source))
                && intervalDigits(target) >= intervalDigits(source);
    }

    private static int fields(int modifier) {
        return modifier == -1 ? ALL_FIELDS : (modifier >> 16) & ALL_FIELDS;
    }

    private static int intervalDigits(int modifier) {
        int digits = modifier == -1 ? ALL_DIGITS : modifier & ALL_DIGITS;
        return Math.min(digits, FRACTIONAL_DIGITS_MAX);
    }

    /** Names may differ, schemas too: a value is its label. */
    private static boolean holdsEnum(ColumnType target, ColumnType source) {
        boolean known = !source.labels().isEmpty() && !target.labels().isEmpty();
        return known
                ? target.labels().containsAll(source.labels())
                : target.baseName().equals(source.baseName());
    }
}

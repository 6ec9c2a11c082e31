package dev.godwit.local.changefeed;

/** How CockroachDB writes values of a type into JSON: the short list behind the many types. */
enum ValueFormat {
    BOOLEAN,
    /** Integers, decimals and floats. */
    NUMBER,
    /** What reads the same in both databases, and what CockroachDB does not have. */
    TEXT,
    /** {@code char(n)}: CockroachDB keeps no padding. */
    CHAR,
    TIMETZ,
    TIMESTAMP,
    TIMESTAMPTZ,
    JSON;

    /** @param typeName {@code pg_type.typname} of the base type */
    static ValueFormat of(String typeName) {
        return switch (typeName) {
            case "bool" -> BOOLEAN;
            case "int2", "int4", "int8", "oid", "numeric", "float4", "float8" -> NUMBER;
            case "bpchar" -> CHAR;
            case "timetz" -> TIMETZ;
            case "timestamp" -> TIMESTAMP;
            case "timestamptz" -> TIMESTAMPTZ;
            case "json", "jsonb" -> JSON;
            default -> TEXT;
        };
    }

    /** A type: the format of its values, or of its elements if it is an array. */
    record FeedType(ValueFormat format, boolean array) {}
}

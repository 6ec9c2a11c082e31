package dev.godwit.database.type;

/** What kind of value a column holds, the same for every product. */
public enum TypeKind {
    BOOLEAN,
    INTEGER,
    FLOAT4,
    FLOAT8,
    DECIMAL,
    /** Text without padding rules: text, varchar, STRING. */
    TEXT,
    /** Blank-padded text, for which trailing blanks mean nothing: char(n). */
    CHAR,
    BYTES,
    UUID,
    DATE,
    TIME,
    TIMETZ,
    TIMESTAMP,
    TIMESTAMPTZ,
    INTERVAL,
    /** JSON kept as the text that was written. */
    JSON,
    /** JSON kept by its meaning. */
    JSONB,
    INET,
    BIT,
    VARBIT,
    ENUM,
    ARRAY,
    /** A type that Godwit does not carry yet; tables that have one are refused before anything is written. */
    OTHER
}

package dev.godwit.verify.value;

/** What an infinite timestamp is. */
enum Infinity {
    /** PostgreSQL: a value beyond all others. */
    OF_ITS_OWN,
    /**
     * CockroachDB keeps {@code infinity} as its largest timestamp and {@code -infinity} as its smallest one, and gives them back as such. Where it is
     * one of the two sides, both sides are read that way.
     */
    AS_LARGEST_TIMESTAMP
}

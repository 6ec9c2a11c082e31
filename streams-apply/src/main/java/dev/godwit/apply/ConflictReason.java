package dev.godwit.apply;

/** Why a transaction has to wait for an earlier one before a lane may write it. */
public enum ConflictReason {
    /** Both write the same row. */
    PRIMARY_KEY,
    /** One frees or takes a value of a unique key that the other takes or frees. */
    UNIQUE_KEY,
    /** One writes a child of a row that the other writes. */
    FOREIGN_KEY,
    /** What one of them writes is not known well enough to compare: its old row was not sent, or it truncates. */
    TABLE,
    /** One of them is too large to be compared with others. */
    BARRIER
}

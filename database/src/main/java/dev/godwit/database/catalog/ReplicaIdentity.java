package dev.godwit.database.catalog;

/** What PostgreSQL puts into the log as the old row of an update or delete. */
public enum ReplicaIdentity {
    /** The primary key. */
    DEFAULT,
    /** All columns. */
    FULL,
    /** The columns of a unique index. */
    INDEX,
    /** Nothing: updates and deletes cannot be replicated. */
    NOTHING
}

package dev.godwit.database.catalog;

/** What PostgreSQL puts into the log as the old row of an update or delete. */
public enum ReplicaIdentity {
    /** The primary key. */
    DEFAULT,
    FULL,
    INDEX,
    NOTHING
}

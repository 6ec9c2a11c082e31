package dev.godwit.fetch;

/** What happens to rows that the target holds before the load. */
public enum TableHandling {
    /** Nothing: the slice of every table must be empty on the target, or the load is refused. */
    NONE,
    /** All selected tables are truncated. Refused where the target holds rows outside of the slice. */
    TRUNCATE_IF_EXISTS,
    /** The rows of the slice are deleted, all others stay: for a caller that repeats its own interrupted load. */
    REPLACE_SLICE,
    /** The tables are dropped and made anew, with columns, NOT NULL and the primary key. Refused where the target holds rows outside of the slice. */
    DROP_ON_TARGET_AND_RECREATE
}

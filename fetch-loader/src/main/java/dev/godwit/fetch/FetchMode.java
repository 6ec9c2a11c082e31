package dev.godwit.fetch;

/** How far a load goes. */
public enum FetchMode {
    /** From the source into the target. */
    DATA_LOAD,
    /** From the source into files; what is on the target stays as it is. */
    EXPORT_ONLY,
    /** From the files of an export into the target; the source is not needed. */
    IMPORT_ONLY
}

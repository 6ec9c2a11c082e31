package dev.godwit.database.dialect;

/** What a writer has to do after a failed statement or commit. Decided once, at the JDBC edge. */
public enum FailureClass {
    /** The whole transaction may run again at once: serialization failure, deadlock, lock timeout. */
    RETRY_NOW,
    /** A foreign key or unique violation: may clear when all earlier transactions are in; after that it is a {@link #BAD_ROW}. */
    RETRY_AFTER_EARLIER,
    /** The connection is gone. If it died during commit the outcome is unknown until the ledger has been asked. */
    RECONNECT,
    /** The database does not take a value: too long, out of range, NULL where none may be, a check constraint. */
    BAD_ROW,
    /** Anything else: missing privilege or table, full disk, a bug. */
    STOP
}

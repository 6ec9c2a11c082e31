package dev.godwit.fetch.source;

import dev.godwit.database.RefusedException;

/** Says that a load cannot be continued: rows of two snapshots never meet in one load. */
public final class SnapshotGone {
    private SnapshotGone() {}

    /** @param before what the user has to do first, ending with a comma and a blank; empty for nothing */
    public static RefusedException refusal(String fetchId, String why, String before) {
        return new RefusedException(
                "load " + fetchId
                        + " cannot be continued: rows are still to be read, and the snapshot that the others come from is"
                        + " gone (" + why + ")",
                before
                        + "then load anew, with --table-handling truncate-if-exists, or after deleting the rows that have come;"
                        + " nothing was written");
    }
}

package dev.godwit.fetch.importinto;

import dev.godwit.database.catalog.TableName;

/** Hears how an import goes on. Called by the thread that waits for it. */
public interface ImportListener {

    /** @param fractionCompleted of the files of this job, from 0 to 1 */
    default void progressed(TableName table, long job, double fractionCompleted) {}

    /** Somebody or CockroachDB itself has paused the job. Told once for each pause. */
    default void paused(TableName table, long job, String reason) {}

    /** The target does not answer at the moment. The job goes on without us. Told once for each loss. */
    default void contactLost(TableName table, long job, String reason) {}
}

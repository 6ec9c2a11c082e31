package dev.godwit.phase.run;

/** How an orderly rollback ended. */
public enum RollbackResult {
    /** The traffic had never left for the target: it may go on at the source at once, and the phase can run on from step 6. */
    FORWARD_AGAIN,
    /** The source has everything and the traffic is there again; replication is off. */
    RETURNED,
    /** The user has still to stop the traffic to the target. */
    WAITING_FOR_USER
}

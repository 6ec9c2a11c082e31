package dev.godwit.fetch;

import java.time.Duration;

/**
 * The position in the source's log at which replication may go on after the load.
 *
 * @param mode whether there is one
 * @param slotName the replication slot to create; it stays after a successful load and keeps the log from there on
 * @param publicationName the publication to create; it stays as well
 * @param dropAndRecreate whether a slot and a publication of these names are dropped first
 * @param slotWait how long the slot may wait for transactions that were open when it was asked for
 */
public record CheckpointOptions(
        Mode mode, String slotName, String publicationName, boolean dropAndRecreate, Duration slotWait) {

    /** Whether a checkpoint is taken. */
    public enum Mode {
        /** By a replication slot, whose snapshot is what is loaded. */
        SLOT,
        /** None: the snapshot is consistent, but nothing can carry on from it. The source may be a standby. */
        NONE
    }

    public static final CheckpointOptions DEFAULT = new CheckpointOptions(
            Mode.SLOT, FetchRequest.DEFAULT_NAME, FetchRequest.DEFAULT_NAME, false, FetchRequest.DEFAULT_SLOT_WAIT);

    public CheckpointOptions {
        if (slotWait.isNegative() || slotWait.isZero()) {
            throw new IllegalArgumentException("slotWait must be positive");
        }
    }

    public boolean isTaken() {
        return mode == Mode.SLOT;
    }
}

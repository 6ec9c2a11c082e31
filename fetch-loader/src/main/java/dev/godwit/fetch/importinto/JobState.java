package dev.godwit.fetch.importinto;

import java.util.Locale;

/**
 * What CockroachDB says of a job.
 *
 * @param status in CockroachDB's word
 * @param fractionCompleted from 0 to 1
 * @param error why it failed; empty if it has not
 */
public record JobState(String status, double fractionCompleted, String error) {

    /** What the status means for the one who waits. */
    public enum Phase {
        /** It works, or will: nothing is to be done. */
        GOING_ON,
        /** Nothing happens until somebody says RESUME JOB or CANCEL JOB. */
        PAUSED,
        /** Every row of its files is in the table. */
        SUCCEEDED,
        /** Nothing of it is in the table. */
        TAKEN_BACK,
        /** It failed, and what it had written could not be taken back. */
        STUCK
    }

    boolean isCancelled() {
        return status.equalsIgnoreCase("canceled");
    }

    /** A status that this version does not know counts as going on: CockroachDB names an end by one of those below. */
    public Phase phase() {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "succeeded" -> Phase.SUCCEEDED;
            case "failed", "canceled" -> Phase.TAKEN_BACK;
            case "revert-failed" -> Phase.STUCK;
            case "paused" -> Phase.PAUSED;
            default -> Phase.GOING_ON;
        };
    }
}

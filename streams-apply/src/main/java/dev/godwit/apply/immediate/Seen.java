package dev.godwit.apply.immediate;

import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;

/**
 * What of one topic's partition has come before, so that a repeated record never takes a row back to an older value. Fed in
 * the order of the records, by one thread.
 */
interface Seen {

    /**
     * Notes a row.
     *
     * @return whether it, or a later version of it, has come before
     * @throws dev.godwit.apply.ApplyException if that cannot be told
     */
    boolean isRepeated(Origin origin, Event row);

    /**
     * Whether a row of which no more can be read than when it was written has certainly come before. Notes nothing.
     *
     * @param row has no change
     */
    boolean isPassed(Origin origin, Event row);

    /** Notes a row that is read again after a restart, and that {@link #mark} may know already. */
    void again(Origin origin, Event row);

    /** Notes a promise of a changefeed. */
    void resolved(Event.Resolved promise);

    /**
     * What has to be kept in the ledger, by its {@code toString()}, beside what is read again from {@link #needed}. Does not
     * change any more. Null if that is nothing.
     */
    Object mark();

    /**
     * The first record that has to be read again after a restart.
     *
     * @param next the one that is read next
     */
    long needed(long next);
}

package dev.godwit.apply.change;

/**
 * The changes of a transaction that is too large for memory. They may be read any number of times, also by several
 * readers at once, until the transaction is covered by the consistent point.
 */
public interface SpilledChanges {

    /** How many there are. */
    long rows();

    /** How many of them are inserts and updates. */
    long upserts();

    /**
     * Whether each change will have the same {@link Reader#order()} when the transaction is read from Kafka again. If
     * not, each key occurs once (or again with the same values), so that writing a change twice changes nothing.
     */
    boolean hasStableOrder();

    /**
     * Reads from the beginning, or goes on from where an earlier reader was.
     *
     * @param behind the {@link Reader#order()} of the last change that is not wanted again; {@link #BEGINNING} for all
     * @throws dev.godwit.apply.ApplyException if the file cannot be read
     */
    Reader read(long behind);

    /** Before the first change. */
    long BEGINNING = -1;

    /** One pass over the changes, by one thread. */
    interface Reader extends AutoCloseable {

        /**
         * The next change in the order in which they have to be written; null at the end.
         *
         * @throws dev.godwit.apply.ApplyException if the file cannot be read
         */
        Change next();

        /**
         * The place of the last change that was returned: a number that rises.
         */
        long order();

        @Override
        void close();
    }
}

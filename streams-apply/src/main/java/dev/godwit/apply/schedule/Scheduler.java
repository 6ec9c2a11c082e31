package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.Released;

/**
 * Applies released transactions so that the target looks as if they had run one after the other, in the order of
 * their release. {@link #release} returns at once; lanes work in threads of their own.
 */
public interface Scheduler extends Released, AutoCloseable {

    /**
     * Whether more waits to be written than the limits allow. Whoever releases should then stop reading for a while; a
     * single transaction may exceed any limit.
     */
    boolean isFull();

    /** Why the lanes have stopped; null while all is well. Nothing is applied after a failure. */
    Throwable failure();

    /**
     * Stops after the batches that are being written. What is not written yet stays for the next owner. Waits a
     * bounded time.
     */
    @Override
    void close();
}

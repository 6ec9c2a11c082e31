package dev.godwit.local.demo;

/**
 * The sequence numbers of one writer in one region: which transactions the application was told are in, and which may
 * be. One thread writes, any may read.
 */
final class WriterSequence {
    private final Region region;
    private final int writer;
    private long acknowledged;
    private long attempted;
    private boolean outcomeUnknown;

    WriterSequence(Region region, int writer, long last) {
        this.region = region;
        this.writer = writer;
        this.acknowledged = last;
        this.attempted = last;
    }

    Region region() {
        return region;
    }

    int writer() {
        return writer;
    }

    synchronized long next() {
        return acknowledged + 1;
    }

    /** The commit is about to be sent. */
    synchronized void attempt() {
        attempted = acknowledged + 1;
    }

    /** The connection was lost during the commit: the number may be taken or not. */
    synchronized void loseOutcome() {
        outcomeUnknown = true;
    }

    /** An earlier attempt with the next number may have been committed. */
    synchronized boolean isOutcomeUnknown() {
        return outcomeUnknown;
    }

    synchronized void acknowledge() {
        acknowledged++;
        attempted = acknowledged;
        outcomeUnknown = false;
    }

    /** Transactions up to this number are in: the application was told so. */
    synchronized long acknowledged() {
        return acknowledged;
    }

    /** No transaction beyond this number can be in. */
    synchronized long attempted() {
        return attempted;
    }
}

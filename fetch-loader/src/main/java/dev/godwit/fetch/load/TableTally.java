package dev.godwit.fetch.load;

import java.time.Duration;

/** What has arrived of one table. Thread-safe. */
final class TableTally {
    private final int shards;
    private long startedNanos;
    private boolean started;
    private int shardsCommitted;
    private int shardsInDoubt;
    private long rows;
    private long bytes;

    TableTally(int shards) {
        this.shards = shards;
    }

    /** What an earlier run has brought. */
    synchronized void alreadyThere(int someShards, long someRows, long someBytes) {
        shardsCommitted += someShards;
        rows += someRows;
        bytes += someBytes;
    }

    /** The rows of the shard turned out to be there already. */
    synchronized void foundThere(long shardRows, long shardBytes) {
        shardsCommitted++;
        rows += shardRows;
        bytes += shardBytes;
    }

    /** Returns whether this is the first shard of the table. */
    synchronized boolean start() {
        boolean first = !started;
        if (first) {
            started = true;
            startedNanos = System.nanoTime();
        }
        return first;
    }

    synchronized void passed(long moreBytes) {
        bytes += moreBytes;
    }

    /** Until {@link #committed} nobody can say whether the rows are in. */
    synchronized void committing() {
        shardsInDoubt++;
    }

    synchronized void committed(long shardRows) {
        shardsInDoubt--;
        shardsCommitted++;
        rows += shardRows;
    }

    /** The attempt is over, and nothing of it is there. */
    synchronized void rolledBack() {
        shardsInDoubt--;
    }

    int shards() {
        return shards;
    }

    synchronized long rows() {
        return rows;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** Null if the target can hold no row of this load. */
    synchronized String whatArrived() {
        if (shardsCommitted == 0 && shardsInDoubt == 0) {
            return null;
        }
        return shardsCommitted == shards ? "complete" : "in part";
    }
}

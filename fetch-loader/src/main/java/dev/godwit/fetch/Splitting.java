package dev.godwit.fetch;

import java.util.OptionalLong;

/**
 * Into which pieces tables are cut, and how many of them travel at once.
 *
 * @param workers how many shards travel at once; each needs one connection to either side
 * @param tablesMax of how many tables at most
 * @param shardsPerTableMax how many of one table at most
 * @param shardBytes a table larger than this on the source's disk is loaded in several shards of about this size
 * @param shardRowsMax about how many rows a shard may have
 */
public record Splitting(
        int workers, int tablesMax, int shardsPerTableMax, long shardBytes, OptionalLong shardRowsMax, By by) {

    /** What the pieces are ranges of. */
    public enum By {
        /** Of the key where rows lie on the disk in about its order, else of places. */
        AUTO,
        /** Of the primary key, whatever it costs to find its rows. */
        KEY,
        /** Of places on the disk ({@code ctid}), whatever the key is. */
        PLACE
    }

    public Splitting {
        if (workers < 1 || tablesMax < 1 || shardsPerTableMax < 1 || shardBytes < 1 || shardRowsMax.orElse(1) < 1) {
            throw new IllegalArgumentException("workers, tablesMax, shardsPerTableMax and sizes must be positive");
        }
    }

    /** So many workers, each free for any table. */
    public static Splitting ofWorkers(int workers) {
        return new Splitting(
                workers, workers, workers, FetchRequest.DEFAULT_SHARD_BYTES, OptionalLong.empty(), By.AUTO);
    }

    Splitting withShardBytes(long bytes) {
        return new Splitting(workers, tablesMax, shardsPerTableMax, bytes, shardRowsMax, by);
    }
}

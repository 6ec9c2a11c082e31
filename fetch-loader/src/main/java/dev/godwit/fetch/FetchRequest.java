package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.filter.TableSlice;
import java.time.Duration;
import java.util.List;

/**
 * What to load, from where to where.
 *
 * @param slices the tables and which of their rows; row filters must have been parsed against the source's tables
 * @param slotName the replication slot to create; it stays after a successful load and keeps the log from there on
 * @param publicationName the publication to create; it stays as well
 * @param concurrency how many shards travel at once; each needs one connection to either side
 * @param shardBytes a table larger than this on the source's disk is loaded in several shards of about this size
 * @param slotWait how long the slot may wait for transactions that were open when it was asked for
 */
public record FetchRequest(
        Database source,
        Database target,
        List<TableSlice> slices,
        TableHandling tableHandling,
        String slotName,
        String publicationName,
        int concurrency,
        long shardBytes,
        Duration slotWait) {
    public static final String DEFAULT_NAME = "godwit_fetch";
    public static final int DEFAULT_CONCURRENCY = 4;

    /** Large enough that the cost of a transaction vanishes, small enough to keep all connections busy to the end. */
    public static final long DEFAULT_SHARD_BYTES = 64L << 20;

    public static final Duration DEFAULT_SLOT_WAIT = Duration.ofMinutes(10);

    public FetchRequest {
        slices = List.copyOf(slices);
        if (concurrency < 1 || shardBytes < 1 || slotWait.isNegative() || slotWait.isZero()) {
            throw new IllegalArgumentException("concurrency, shardBytes and slotWait must be positive");
        }
    }

    public static Builder builder(Database source, Database target) {
        return new Builder(source, target);
    }

    /** Everything but the databases and the slices has a default. Not thread-safe. */
    public static final class Builder {
        private final Database source;
        private final Database target;
        private List<TableSlice> slices = List.of();
        private TableHandling tableHandling = TableHandling.NONE;
        private String slotName = DEFAULT_NAME;
        private String publicationName = DEFAULT_NAME;
        private int concurrency = DEFAULT_CONCURRENCY;
        private long shardBytes = DEFAULT_SHARD_BYTES;
        private Duration slotWait = DEFAULT_SLOT_WAIT;

        private Builder(Database source, Database target) {
            this.source = source;
            this.target = target;
        }

        public Builder slices(List<TableSlice> value) {
            slices = value;
            return this;
        }

        public Builder tableHandling(TableHandling value) {
            tableHandling = value;
            return this;
        }

        public Builder slotName(String value) {
            slotName = value;
            return this;
        }

        public Builder publicationName(String value) {
            publicationName = value;
            return this;
        }

        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder shardBytes(long value) {
            shardBytes = value;
            return this;
        }

        public Builder slotWait(Duration value) {
            slotWait = value;
            return this;
        }

        public FetchRequest build() {
            return new FetchRequest(
                    source,
                    target,
                    slices,
                    tableHandling,
                    slotName,
                    publicationName,
                    concurrency,
                    shardBytes,
                    slotWait);
        }
    }
}

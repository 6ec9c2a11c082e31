package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.selection.MappedTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to load, from where to where.
 *
 * @param files empty for rows that go directly from server to server
 * @param tables the tables of the source, which of their rows, and under which names; row filters must have been parsed against the source's tables
 */
public record FetchRequest(
        Database source,
        Database target,
        List<MappedTable> tables,
        TableOptions tableOptions,
        CheckpointOptions checkpoint,
        Splitting splitting,
        FetchMode mode,
        Optional<FileOptions> files,
        Continuation continuation) {
    public static final String DEFAULT_NAME = "godwit_fetch";
    public static final int DEFAULT_CONCURRENCY = 4;

    /** Large enough that the cost of a transaction vanishes, small enough to keep all connections busy to the end. */
    public static final long DEFAULT_SHARD_BYTES = 64L << 20;

    public static final Duration DEFAULT_SLOT_WAIT = Duration.ofMinutes(10);

    public FetchRequest {
        tables = List.copyOf(tables);
    }

    public TableHandling tableHandling() {
        return tableOptions.handling();
    }

    public String slotName() {
        return checkpoint.slotName();
    }

    public String publicationName() {
        return checkpoint.publicationName();
    }

    public Duration slotWait() {
        return checkpoint.slotWait();
    }

    /** The same with another table handling: when room has been made already. */
    public FetchRequest handling(TableHandling handling) {
        return new FetchRequest(
                source, target, tables, tableOptions.with(handling), checkpoint, splitting, mode, files, continuation);
    }

    /** How many shards travel at once. */
    public int concurrency() {
        return splitting.workers();
    }

    public static Builder builder(Database source, Database target) {
        return new Builder(source, target);
    }

    /** Everything but the databases and the tables has a default. Not thread-safe. */
    public static final class Builder {
        private final Database source;
        private final Database target;
        private List<MappedTable> tables = List.of();
        private TableOptions tableOptions = TableOptions.DEFAULT;
        private CheckpointOptions checkpoint = CheckpointOptions.DEFAULT;
        private Splitting splitting = Splitting.ofWorkers(DEFAULT_CONCURRENCY);
        private FetchMode mode = FetchMode.DATA_LOAD;
        private Optional<FileOptions> files = Optional.empty();
        private Continuation continuation = Continuation.NONE;

        private Builder(Database source, Database target) {
            this.source = source;
            this.target = target;
        }

        /** Tables that have the same names on both sides. */
        public Builder slices(List<TableSlice> value) {
            return tables(value.stream().map(MappedTable::of).toList());
        }

        public Builder tables(List<MappedTable> value) {
            tables = value;
            return this;
        }

        public Builder tableHandling(TableHandling value) {
            return tableOptions(tableOptions.with(value));
        }

        public Builder tableOptions(TableOptions value) {
            tableOptions = value;
            return this;
        }

        public Builder checkpoint(CheckpointOptions value) {
            checkpoint = value;
            return this;
        }

        public Builder slotName(String value) {
            return checkpoint(new CheckpointOptions(
                    checkpoint.mode(),
                    value,
                    checkpoint.publicationName(),
                    checkpoint.dropAndRecreate(),
                    checkpoint.slotWait()));
        }

        public Builder publicationName(String value) {
            return checkpoint(new CheckpointOptions(
                    checkpoint.mode(),
                    checkpoint.slotName(),
                    value,
                    checkpoint.dropAndRecreate(),
                    checkpoint.slotWait()));
        }

        public Builder slotWait(Duration value) {
            return checkpoint(new CheckpointOptions(
                    checkpoint.mode(),
                    checkpoint.slotName(),
                    checkpoint.publicationName(),
                    checkpoint.dropAndRecreate(),
                    value));
        }

        public Builder splitting(Splitting value) {
            splitting = value;
            return this;
        }

        /** So many shards at once, of any tables. */
        public Builder concurrency(int value) {
            return splitting(Splitting.ofWorkers(value).withShardBytes(splitting.shardBytes()));
        }

        public Builder shardBytes(long value) {
            return splitting(splitting.withShardBytes(value));
        }

        /** How far it goes. */
        public Builder mode(FetchMode value) {
            mode = value;
            return this;
        }

        /** Through files instead of directly. */
        public Builder files(FileOptions value) {
            files = Optional.of(value);
            return this;
        }

        public Builder continuation(Continuation value) {
            continuation = value;
            return this;
        }

        public FetchRequest build() {
            return new FetchRequest(
                    source, target, tables, tableOptions, checkpoint, splitting, mode, files, continuation);
        }
    }
}

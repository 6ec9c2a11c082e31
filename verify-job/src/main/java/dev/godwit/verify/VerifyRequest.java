package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.filter.TableSlice;
import java.util.List;
import java.util.Optional;

/**
 * What to compare, and with how much load.
 *
 * @param pairs the tables and which of their rows; no name twice
 * @param concurrency key ranges, of all tables, compared at the same time; each takes one connection and one open transaction on either side
 * @param rowBatchSize rows fetched from CockroachDB at a time at most; fewer where rows are wide, so that a batch stays within some megabytes.
 *     PostgreSQL streams rows
 * @param differencesListedMax how many differing rows a {@link TableReport} lists; all are counted, and told to the listener
 * @param live how differences are checked again while replication runs; empty where nothing writes, so that each is final
 * @param sourceSnapshot an exported snapshot of a PostgreSQL source to read, which the caller keeps alive; empty to read each key range as it is
 * @param compare by which way, and how key ranges are cut and recorded
 */
public record VerifyRequest(
        Database source,
        Database target,
        List<TablePair> pairs,
        int concurrency,
        int rowBatchSize,
        int differencesListedMax,
        Optional<String> sourceSnapshot,
        Optional<LiveSettings> live,
        CompareSettings compare) {
    public static final int DEFAULT_CONCURRENCY = 4;
    public static final int DEFAULT_ROW_BATCH_SIZE = 20_000;
    public static final int DEFAULT_DIFFERENCES_LISTED = 10;

    public VerifyRequest {
        pairs = List.copyOf(pairs);
        if (concurrency < 1 || rowBatchSize < 1 || differencesListedMax < 0) {
            throw new IllegalArgumentException("concurrency " + concurrency + ", rowBatchSize " + rowBatchSize
                    + ", differencesListedMax " + differencesListedMax);
        }
        if (pairs.stream().map(TablePair::name).distinct().count() < pairs.size()) {
            throw new IllegalArgumentException("a table stands twice in " + pairs);
        }
    }

    public VerifyRequest(
            Database source,
            Database target,
            List<TableSlice> slices,
            int concurrency,
            int rowBatchSize,
            int differencesListedMax) {
        this(source, target, slices, concurrency, rowBatchSize, differencesListedMax, Optional.empty());
    }

    /** By checksum, nothing recorded. */
    public VerifyRequest(
            Database source,
            Database target,
            List<TablePair> pairs,
            int concurrency,
            int rowBatchSize,
            int differencesListedMax,
            Optional<String> sourceSnapshot,
            Optional<LiveSettings> live) {
        this(
                source,
                target,
                pairs,
                concurrency,
                rowBatchSize,
                differencesListedMax,
                sourceSnapshot,
                live,
                CompareSettings.DEFAULTS);
    }

    /** The same, compared in another way. */
    public VerifyRequest with(CompareSettings other) {
        return new VerifyRequest(
                source, target, pairs, concurrency, rowBatchSize, differencesListedMax, sourceSnapshot, live, other);
    }

    /** Tables of the same name, the same rows on both sides. */
    public VerifyRequest(
            Database source,
            Database target,
            List<TableSlice> slices,
            int concurrency,
            int rowBatchSize,
            int differencesListedMax,
            Optional<String> sourceSnapshot) {
        this(
                source,
                target,
                slices.stream().map(TablePair::of).toList(),
                concurrency,
                rowBatchSize,
                differencesListedMax,
                sourceSnapshot,
                Optional.empty());
    }

    /** With the defaults of the command line. */
    public static VerifyRequest of(Database source, Database target, List<TableSlice> slices) {
        return new VerifyRequest(
                source, target, slices, DEFAULT_CONCURRENCY, DEFAULT_ROW_BATCH_SIZE, DEFAULT_DIFFERENCES_LISTED);
    }
}

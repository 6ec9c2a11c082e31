package dev.godwit.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How rows are compared. Every choice gives the same answer; they differ in time, load and bytes on the wire.
 *
 * @param method whether the databases compute checksums and only differing ranges are fetched, or every row is fetched
 * @param rowsPerSecondMax rows of either side read in a second at most, all tables together; empty for no limit
 * @param rangeRows about how many rows a key range has: what is read at one moment, done by one worker, and recorded as finished
 * @param bisectFactor into how many parts a range is cut whose checksums are looked at
 * @param fetchRowsMax differing ranges of at most this many rows are fetched instead of cut again
 * @param state a directory that belongs to this one verification, made if it is not there: finished ranges are recorded in it, and a run that
 *     finds them does not repeat them. It holds keys and values of differing rows. Empty to record nothing.
 * @param rangesPerTableMax how many ranges of one table are compared at the same time at most; then the request's concurrency counts tables.
 *     Empty where it counts ranges, of whichever tables
 * @param statementTimeout after which a database ends a query, and with it the comparison; zero for never
 */
public record CompareSettings(
        Method method,
        OptionalInt rowsPerSecondMax,
        int rangeRows,
        int bisectFactor,
        int fetchRowsMax,
        Optional<Path> state,
        OptionalInt rangesPerTableMax,
        Duration statementTimeout) {
    public static final int DEFAULT_RANGE_ROWS = 250_000;
    public static final int DEFAULT_BISECT_FACTOR = 16;
    public static final int DEFAULT_FETCH_ROWS_MAX = 100;
    /** By checksum, without a limit, nothing recorded. */
    public static final CompareSettings DEFAULTS = new CompareSettings(
            Method.CHECKSUM,
            OptionalInt.empty(),
            DEFAULT_RANGE_ROWS,
            DEFAULT_BISECT_FACTOR,
            DEFAULT_FETCH_ROWS_MAX,
            Optional.empty());

    /** The two ways to the same answer, and none. */
    public enum Method {
        /** Both databases compute a checksum per key range; only what differs is fetched. */
        CHECKSUM,
        /** Every row of both sides is fetched. */
        FULL,
        /** No row is looked at: only the structure is compared. */
        STRUCTURE_ONLY
    }

    public CompareSettings {
        if (rangeRows < 1
                || bisectFactor < 2
                || fetchRowsMax < 1
                || rowsPerSecondMax.orElse(1) < 1
                || rangesPerTableMax.orElse(1) < 1
                || statementTimeout.isNegative()) {
            throw new IllegalArgumentException("rangeRows " + rangeRows + ", bisectFactor " + bisectFactor
                    + ", fetchRowsMax " + fetchRowsMax + ", rowsPerSecondMax " + rowsPerSecondMax
                    + ", rangesPerTableMax "
                    + rangesPerTableMax + ", statementTimeout " + statementTimeout);
        }
    }

    /** Concurrency counts ranges, and queries may take as long as they do. */
    public CompareSettings(
            Method method,
            OptionalInt rowsPerSecondMax,
            int rangeRows,
            int bisectFactor,
            int fetchRowsMax,
            Optional<Path> state) {
        this(
                method,
                rowsPerSecondMax,
                rangeRows,
                bisectFactor,
                fetchRowsMax,
                state,
                OptionalInt.empty(),
                Duration.ZERO);
    }

    public CompareSettings with(Method other) {
        return new CompareSettings(
                other,
                rowsPerSecondMax,
                rangeRows,
                bisectFactor,
                fetchRowsMax,
                state,
                rangesPerTableMax,
                statementTimeout);
    }

    public CompareSettings withRowsPerSecondMax(int rows) {
        return new CompareSettings(
                method,
                OptionalInt.of(rows),
                rangeRows,
                bisectFactor,
                fetchRowsMax,
                state,
                rangesPerTableMax,
                statementTimeout);
    }

    public CompareSettings withState(Path directory) {
        return new CompareSettings(
                method,
                rowsPerSecondMax,
                rangeRows,
                bisectFactor,
                fetchRowsMax,
                Optional.of(directory),
                rangesPerTableMax,
                statementTimeout);
    }

    public CompareSettings withRangesPerTableMax(int ranges) {
        return new CompareSettings(
                method,
                rowsPerSecondMax,
                rangeRows,
                bisectFactor,
                fetchRowsMax,
                state,
                OptionalInt.of(ranges),
                statementTimeout);
    }

    public CompareSettings withStatementTimeout(Duration timeout) {
        return new CompareSettings(
                method, rowsPerSecondMax, rangeRows, bisectFactor, fetchRowsMax, state, rangesPerTableMax, timeout);
    }

    /** How many ranges of one table are compared at the same time at most. */
    int rangesPerTable(int concurrency) {
        return rangesPerTableMax.orElse(concurrency);
    }

    /** How many ranges are compared at the same time at most, of all tables. */
    int ranges(int concurrency) {
        return rangesPerTableMax.isPresent() ? concurrency * rangesPerTableMax.getAsInt() : concurrency;
    }
}

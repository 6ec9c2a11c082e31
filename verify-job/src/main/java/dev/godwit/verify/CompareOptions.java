package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import dev.godwit.verify.CompareSettings.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How rows are compared, and with how much load. */
final class CompareOptions {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final int CONNECTIONS_MAX = 1_000;

    @Option(
            names = "--full",
            order = 20,
            description =
                    "Fetch every row of both sides and compare value by value, instead of comparing checksums that the databases compute.")
    private boolean full;

    @Option(
            names = "--concurrency",
            paramLabel = "RANGES",
            order = 21,
            defaultValue = "" + VerifyRequest.DEFAULT_CONCURRENCY,
            description =
                    "Key ranges compared at the same time, each with one connection to either side. Default: ${DEFAULT-VALUE}")
    private int concurrency;

    @Option(
            names = "--concurrency-per-table",
            paramLabel = "RANGES",
            order = 21,
            description =
                    "Key ranges of one table compared at the same time at most. With it --concurrency counts tables, as MOLT Verify"
                            + " counts, and there are up to as many connections to either side as the two numbers make multiplied. Default:"
                            + " as many as --concurrency.")
    private Integer concurrencyPerTable;

    @Option(
            names = "--rows",
            arity = "0..1",
            paramLabel = "true|false",
            order = 20,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Compare rows too; false for the structure only. Default: ${DEFAULT-VALUE}")
    private boolean rows;

    @Option(
            names = "--verify-statement-timeout",
            paramLabel = "DURATION",
            order = 23,
            description =
                    "After which a database ends a query, and with it the comparison: 1h, 2m30s. Default: no limit, for one side may wait"
                            + " while the other sorts a large table.")
    private String statementTimeout;

    @Option(
            names = "--row-batch-size",
            paramLabel = "ROWS",
            order = 22,
            defaultValue = "" + VerifyRequest.DEFAULT_ROW_BATCH_SIZE,
            description =
                    "Rows fetched from CockroachDB at a time at most; wide rows are fetched in smaller batches. PostgreSQL streams rows and"
                            + " needs no batches. Default: ${DEFAULT-VALUE}")
    private int rowBatchSize;

    @Option(
            names = "--rows-per-second",
            paramLabel = "ROWS",
            order = 23,
            description =
                    "Read no more rows than this of either side in a second, all tables together. Default: no limit.")
    private Integer rowsPerSecond;

    @Option(
            names = "--verify-id",
            paramLabel = "ID",
            order = 24,
            description =
                    "A name for this comparison: finished key ranges are recorded under it, and the same command given again goes on"
                            + " where it broke off.")
    private String verifyId;

    @Option(
            names = "--verify-directory",
            paramLabel = "DIRECTORY",
            order = 25,
            defaultValue = ".godwit-verify",
            description =
                    "Where --verify-id records; it will hold keys and values of differing rows. Default: ${DEFAULT-VALUE}")
    private Path directory;

    void check() {
        requireAtLeastOne("--concurrency", concurrency);
        requireAtLeastOne("--row-batch-size", rowBatchSize);
        if (concurrencyPerTable != null) {
            requireAtLeastOne("--concurrency-per-table", concurrencyPerTable);
            if ((long) concurrency * concurrencyPerTable > CONNECTIONS_MAX) {
                throw new RefusedException(
                        "--concurrency " + concurrency + " tables with --concurrency-per-table " + concurrencyPerTable
                                + " ranges each are more than " + CONNECTIONS_MAX + " connections to either side",
                        "give smaller numbers");
            }
        }
        if (!rows && (full || verifyId != null)) {
            throw new RefusedException(
                    (full ? "--full" : "--verify-id") + " is given with --rows=false", "give one of the two");
        }
        timeout();
        if (rowsPerSecond != null) {
            requireAtLeastOne("--rows-per-second", rowsPerSecond);
        }
        if (verifyId != null && !ID.matcher(verifyId).matches()) {
            throw new RefusedException(
                    "--verify-id \"" + verifyId + "\" cannot be the name of a directory",
                    "use letters, digits, dots, dashes and underscores, at most 100");
        }
    }

    /** @throws RefusedException if only the structure is to be compared */
    void requireRows() {
        if (!rows) {
            throw new RefusedException("--rows=false leaves nothing to repair", "leave it out");
        }
    }

    private static void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw new RefusedException(option + " is " + value, "give a number of at least 1");
        }
    }

    private Duration timeout() {
        return statementTimeout == null
                ? Duration.ZERO
                : GoDuration.parse("--verify-statement-timeout", statementTimeout);
    }

    /** Whether finished ranges are recorded. */
    boolean isRecorded() {
        return verifyId != null;
    }

    /** What the report says of it. */
    String words() {
        return (!rows ? "structure only, no row was compared" : full ? "every row fetched" : "checksums per key range")
                + (rowsPerSecond == null ? "" : ", at most " + rowsPerSecond + " rows per second")
                + (verifyId == null ? "" : ", recorded as " + verifyId);
    }

    VerifyRequest request(
            ConnectionOptions.Both databases,
            List<TablePair> pairs,
            int differencesListed,
            Optional<LiveSettings> live) {
        CompareSettings settings = CompareSettings.DEFAULTS
                .with(!rows ? Method.STRUCTURE_ONLY : full ? Method.FULL : Method.CHECKSUM)
                .withStatementTimeout(timeout());
        if (concurrencyPerTable != null) {
            settings = settings.withRangesPerTableMax(concurrencyPerTable);
        }
        if (rowsPerSecond != null) {
            settings = settings.withRowsPerSecondMax(rowsPerSecond);
        }
        if (verifyId != null) {
            settings = settings.withState(directory.resolve(verifyId));
        }
        return new VerifyRequest(
                databases.source(),
                databases.target(),
                pairs,
                concurrency,
                rowBatchSize,
                differencesListed,
                Optional.empty(),
                live,
                settings);
    }
}

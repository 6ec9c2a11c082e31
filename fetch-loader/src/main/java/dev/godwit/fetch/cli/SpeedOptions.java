package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.Splitting;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about the pieces that tables are cut into, and how many travel at once. */
final class SpeedOptions {
    private static final int MANY = 64;

    @Option(
            names = "--table-concurrency",
            paramLabel = "NUMBER",
            defaultValue = "4",
            description = "Tables that are loaded at the same time. Default: ${DEFAULT-VALUE}")
    private int tableConcurrency = 4;

    @Option(
            names = "--export-concurrency",
            paramLabel = "NUMBER",
            defaultValue = "4",
            description =
                    "Shards of a table that are loaded at the same time. Each takes one connection to either side; together at most the"
                            + " product of the two numbers. Default: ${DEFAULT-VALUE}")
    private int exportConcurrency = 4;

    @Option(
            names = "--shard-size",
            paramLabel = "MIB",
            defaultValue = "64",
            description = "A larger table is cut into shards of about this size. Default: ${DEFAULT-VALUE}")
    private long shardMiB = 64;

    @Option(
            names = "--row-batch-size",
            paramLabel = "ROWS",
            description =
                    "A table with more rows is cut into shards of about so many, even if it is small. Default: only the size counts.")
    private Long rowBatchSize;

    @Option(
            names = "--shard-by",
            paramLabel = "auto|key|ctid",
            defaultValue = "auto",
            converter = ByConverter.class,
            description =
                    "What shards are ranges of: the primary key (any type), or places on the disk. auto takes the key where rows lie in"
                            + " about its order, by the statistics of the last ANALYZE. Default: ${DEFAULT-VALUE}")
    private Splitting.By by = Splitting.By.AUTO;

    @Option(
            names = "--use-stats-based-sharding",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Taken for command lines of MOLT Fetch: shards are always even, by a sample of the table. Means --shard-by key.")
    private boolean statsBased;

    /** @throws RefusedException if a number is out of its range */
    Splitting read() {
        require("--table-concurrency", tableConcurrency, MANY);
        require("--export-concurrency", exportConcurrency, MANY);
        require("--shard-size", shardMiB, 1 << 20);
        if (rowBatchSize != null) {
            require("--row-batch-size", rowBatchSize, Long.MAX_VALUE);
        }
        return new Splitting(
                tableConcurrency * exportConcurrency,
                tableConcurrency,
                exportConcurrency,
                shardMiB << 20,
                rowBatchSize == null ? OptionalLong.empty() : OptionalLong.of(rowBatchSize),
                statsBased ? Splitting.By.KEY : by);
    }

    private static void require(String option, long value, long max) {
        if (value < 1 || value > max) {
            throw new RefusedException(
                    option + " is " + value,
                    "give a number of at least 1" + (max == Long.MAX_VALUE ? "" : " and at most " + max));
        }
    }

    /** Lower case, as on the command line. */
    static final class ByConverter implements ITypeConverter<Splitting.By> {
        @Override
        public Splitting.By convert(String value) {
            return switch (value) {
                case "auto" -> Splitting.By.AUTO;
                case "key" -> Splitting.By.KEY;
                case "ctid" -> Splitting.By.PLACE;
                default -> throw new TypeConversionException("\"" + value + "\" is unknown; use auto, key or ctid");
            };
        }
    }
}

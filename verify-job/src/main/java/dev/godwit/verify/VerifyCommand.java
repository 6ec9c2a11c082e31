package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.filter.TableSlice;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code godwit verify}. Its exit code is 0 if the sides are equal and 1 if they differ; {@link RefusedException}, for which the root
 * command exits with 2, says that it could not be told.
 */
@Command(
        name = "verify",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Compares source and target: the structure of the tables and every row, value by value.",
            "Reads both sides in primary key order with bounded memory and writes nothing. While something writes to either side,"
                    + " differences may be of time only."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:structure and all rows are equal",
            "1:something differs; counters and the first differing keys are listed",
            "2:could not tell: refused, or broken off on the way"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  export GODWIT_SOURCE=postgresql://app:secret@old-host/shop",
            "  export GODWIT_TARGET=postgresql://app:secret@new-host:26257/shop",
            "  godwit verify --table-filter 'employees|payments'",
            "  godwit verify --row-filter \"public.payments=region = 'eu'\""
        })
public final class VerifyCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--source",
            paramLabel = "URL",
            description =
                    "The source: postgresql://user:password@host:port/database. Taken from GODWIT_SOURCE if not given.")
    private String source;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "The target, PostgreSQL or CockroachDB. Taken from GODWIT_TARGET if not given.")
    private String target;

    @Option(
            names = "--schema-filter",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only schemas whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String schemaFilter;

    @Option(
            names = "--table-filter",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only tables whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String tableFilter;

    @Option(
            names = "--row-filter",
            paramLabel = "SCHEMA.TABLE=CONDITION",
            description =
                    "Only rows of that table for which the SQL condition holds, on both sides. May be given once per table.")
    private List<String> rowFilters = List.of();

    @Option(
            names = "--concurrency",
            paramLabel = "TABLES",
            defaultValue = "" + VerifyRequest.DEFAULT_CONCURRENCY,
            description =
                    "Tables compared at the same time, each with one connection to either side. Default: ${DEFAULT-VALUE}")
    private int concurrency;

    @Option(
            names = "--row-batch-size",
            paramLabel = "ROWS",
            defaultValue = "" + VerifyRequest.DEFAULT_ROW_BATCH_SIZE,
            description =
                    "Rows fetched at a time at most; wide rows are fetched in smaller batches. Default: ${DEFAULT-VALUE}")
    private int rowBatchSize;

    @Option(
            names = "--differences-listed",
            paramLabel = "ROWS",
            defaultValue = "" + VerifyRequest.DEFAULT_DIFFERENCES_LISTED,
            description = "Differing rows listed per table; all are counted. Default: ${DEFAULT-VALUE}")
    private int differencesListed;

    @Option(names = "--show-values", description = "List the differing values too, not only keys and names of columns.")
    private boolean showValues;

    @Option(names = "--json", description = "Write JSON lines with MOLT Verify's messages and fields.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    public VerifyCommand() {
        this(System.getenv());
    }

    VerifyCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Compares and prints.
     *
     * @return 0 if the sides are equal, 1 if they differ
     * @throws RefusedException on bad input, or if the comparison broke off
     */
    @Override
    public Integer call() {
        requireAtLeast("--concurrency", concurrency, 1);
        requireAtLeast("--row-batch-size", rowBatchSize, 1);
        requireAtLeast("--differences-listed", differencesListed, 0);
        DatabaseUrl sourceUrl = url("--source", source, "GODWIT_SOURCE");
        DatabaseUrl targetUrl = url("--target", target, "GODWIT_TARGET");
        SliceSelection selection = SliceSelection.of(schemaFilter, tableFilter, rowFilters);
        Database sourceDatabase = Database.connect("source", sourceUrl);
        Database targetDatabase = Database.connect("target", targetUrl);
        List<TableSlice> slices = selection.slices(sourceDatabase, targetDatabase);
        VerifyOutput output = output();
        output.started(slices);
        VerifyReport report = VerifyJob.run(
                new VerifyRequest(sourceDatabase, targetDatabase, slices, concurrency, rowBatchSize, differencesListed),
                output);
        output.finished(report);
        return report.isEqual() ? 0 : 1;
    }

    private VerifyOutput output() {
        PrintWriter out = spec.commandLine().getOut();
        return json
                ? new JsonOutput(out, showValues)
                : new TextOutput(
                        out,
                        showValues,
                        ProgressLine.onTerminal(spec.commandLine().getErr()));
    }

    private DatabaseUrl url(String option, String given, String variable) {
        String text = given != null ? given : environment.get(variable);
        if (text == null || text.isBlank()) {
            throw new RefusedException(
                    "no " + option.substring(2) + " is given", "give " + option + " or set " + variable);
        }
        return DatabaseUrl.parse(given != null ? option : variable, text);
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new RefusedException(option + " is " + value, "give a number of at least " + least);
        }
    }
}

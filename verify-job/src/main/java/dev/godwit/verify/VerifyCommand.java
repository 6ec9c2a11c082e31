package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import dev.godwit.verify.ConnectionOptions.Both;
import dev.godwit.verify.SelectionOptions.Selection;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConnectionOptions connections;

    @Mixin
    private SelectionOptions selections = new SelectionOptions();

    @Mixin
    private LiveOptions lives = new LiveOptions();

    @Option(
            names = "--concurrency",
            order = 40,
            paramLabel = "TABLES",
            defaultValue = "" + VerifyRequest.DEFAULT_CONCURRENCY,
            description =
                    "Tables compared at the same time, each with one connection to either side. Default: ${DEFAULT-VALUE}")
    private int concurrency;

    @Option(
            names = "--row-batch-size",
            order = 41,
            paramLabel = "ROWS",
            defaultValue = "" + VerifyRequest.DEFAULT_ROW_BATCH_SIZE,
            description =
                    "Rows fetched at a time at most; wide rows are fetched in smaller batches. Default: ${DEFAULT-VALUE}")
    private int rowBatchSize;

    @Option(
            names = "--differences-listed",
            order = 60,
            paramLabel = "ROWS",
            defaultValue = "" + VerifyRequest.DEFAULT_DIFFERENCES_LISTED,
            description = "Differing rows listed per table; all are counted. Default: ${DEFAULT-VALUE}")
    private int differencesListed;

    @Option(names = "--show-values", order = 62, description = "List the differing values too, not only keys and names of columns.")
    private boolean showValues;

    @Option(names = "--json", order = 63, description = "Write JSON lines with MOLT Verify's messages and fields.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 90,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    public VerifyCommand() {
        this(System.getenv());
    }

    VerifyCommand(Map<String, String> environment) {
        this.connections = new ConnectionOptions(environment);
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
        lives.check();
        Selection selection = selections.read();
        Both databases = connections.connect();
        List<TablePair> pairs = selection.pairs(databases);
        Optional<LiveSettings> live = lives.settings(databases);
        VerifyOutput output = output();
        output.started(pairs);
        VerifyReport report = VerifyJob.run(
                new VerifyRequest(
                        databases.source(),
                        databases.target(),
                        pairs,
                        concurrency,
                        rowBatchSize,
                        differencesListed,
                        Optional.empty(),
                        live),
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

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new RefusedException(option + " is " + value, "give a number of at least " + least);
        }
    }
}

package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import dev.godwit.verify.ConnectionOptions.Both;
import dev.godwit.verify.SelectionOptions.Selection;
import dev.godwit.verify.report.HtmlReport;
import dev.godwit.verify.report.HtmlReport.Values;
import dev.godwit.verify.report.ReportHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            "Writes nothing. While something writes to either side, differences may be of time only, unless --live is given."
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

    @Mixin
    private CompareOptions compares = new CompareOptions();

    @Mixin
    private ContinuousOptions continuous = new ContinuousOptions();

    @Mixin
    private OutputOptions outputs = new OutputOptions();

    @Mixin
    private MoltOptions molt = new MoltOptions();

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
     * Compares and prints; with {@code --continuous} until the thread is interrupted or a comparison breaks off.
     *
     * @return 0 if the sides are equal, 1 if they differ
     * @throws RefusedException on bad input, or if the comparison broke off
     */
    @Override
    public Integer call() {
        lives.check();
        compares.check();
        continuous.check(compares.isRecorded());
        outputs.check();
        molt.check(lives.isLive(), spec.commandLine().getErr());
        Selection selection = selections.read();
        if (molt.onlyCompiles()) {
            return 0;
        }
        VerifyMetrics metrics = outputs.metrics().orElse(null);
        try {
            int result = compareOnce(selection, metrics);
            while (continuous.isContinuous()) {
                continuous.waitForNext();
                if (metrics != null) {
                    metrics.startAgain();
                }
                result = compareOnce(selection, metrics);
            }
            return result;
        } finally {
            if (metrics != null) {
                metrics.close();
            }
        }
    }

    private int compareOnce(Selection selection, VerifyMetrics metrics) {
        Instant start = Instant.now();
        Both databases = connections.connect();
        List<TablePair> pairs = selection.pairs(databases);
        Optional<LiveSettings> live = lives.settings(databases);
        Map<String, String> facts = facts(pairs, live);
        if (outputs.report().isPresent()) {
            Positions.add(databases, "at the start", facts);
        }
        VerifyReport report = compare(compares.request(databases, pairs, outputs.differencesListed(), live), metrics);
        if (outputs.report().isPresent()) {
            Positions.add(databases, "at the end", facts);
            HtmlReport.write(
                    outputs.report().get(),
                    new ReportHeader(
                            System.getProperty("user.name", "unknown"),
                            start,
                            Instant.now(),
                            databases.source().url().toString(),
                            databases.source().version(),
                            databases.target().url().toString(),
                            databases.target().version(),
                            facts),
                    report,
                    outputs.showsValues() ? Values.SHOWN : Values.HIDDEN);
        }
        return report.isEqual() ? 0 : 1;
    }

    private VerifyReport compare(VerifyRequest request, VerifyMetrics metrics) {
        VerifyOutput output =
                outputs.output(spec.commandLine().getOut(), spec.commandLine().getErr());
        List<VerifyListener> listeners = new ArrayList<>(List.of(output));
        DifferencesFile file = null;
        try {
            if (metrics != null) {
                listeners.add(metrics);
            }
            if (outputs.differencesFile().isPresent()) {
                file = DifferencesFile.open(outputs.differencesFile().get(), outputs.showsValues());
                listeners.add(file);
            }
            output.started(request.pairs());
            VerifyReport report = VerifyJob.run(request, new AllListeners(listeners));
            if (file != null) {
                file.complete();
            }
            output.finished(report);
            return report;
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private Map<String, String> facts(List<TablePair> pairs, Optional<LiveSettings> live) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Way", compares.words());
        facts.put(
                "Replication",
                live.map(settings -> "runs; differences were checked again behind the consistent point of "
                                + settings.domains().name())
                        .orElse("not waited for: every difference is as it was found"));
        String special = pairs.stream()
                .filter(pair -> pair.isRenamed()
                        || pair.isMerged()
                        || pair.sourceRows().isPresent()
                        || !pair.leftOut().isEmpty())
                .map(pair -> pair + (pair.leftOut().isEmpty() ? "" : " without " + String.join(", ", pair.leftOut())))
                .collect(Collectors.joining("\n"));
        facts.put("Filters and transformations", special.isEmpty() ? "none" : special);
        return facts;
    }
}

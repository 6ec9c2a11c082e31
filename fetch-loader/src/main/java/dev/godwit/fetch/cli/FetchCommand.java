package dev.godwit.fetch.cli;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.CheckpointOptions;
import dev.godwit.fetch.Continuation;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchMode;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.ImportRequest;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.report.AllListeners;
import dev.godwit.fetch.report.FetchMetrics;
import dev.godwit.fetch.report.JsonReport;
import dev.godwit.fetch.report.LogReport;
import dev.godwit.fetch.report.MetricsEndpoint;
import dev.godwit.fetch.report.ProgressBar;
import dev.godwit.fetch.report.TextReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit fetch}: the bulk load. */
@Command(
        name = "fetch",
        sortOptions = false,
        usageHelpAutoWidth = true,
        descriptionHeading = "%n",
        customSynopsis = "godwit fetch --source URL --target URL [OPTION]...",
        synopsisHeading = "Usage: ",
        description = {
            "Loads tables from a PostgreSQL or MySQL source into a PostgreSQL or CockroachDB target, from one consistent snapshot.",
            "",
            "Creates a publication and a replication slot on a PostgreSQL source, and remembers the GTID set of a MySQL source. Replication that starts at the slot carries on exactly"
                    + " where the load ends: nothing is missing and nothing comes twice. While tables are read, ALTER TABLE and"
                    + " TRUNCATE on them wait. Everything is checked first; what is wrong is refused before anything is written."
        },
        subcommands = TokensCommand.class,
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all rows are committed on the target",
            "1:the load broke off; what is said then tells how to continue it",
            "2:refused; nothing was written"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  export GODWIT_SOURCE=postgresql://app@old-host/shop",
            "  export GODWIT_TARGET=postgresql://app@new-host:26257/shop",
            "  godwit fetch --table-filter 'employees|payments' \\",
            "      --row-filter \"public.payments=region = 'eu'\"",
            "",
            "docs/fetch.md tells more, and how this differs from MOLT Fetch."
        })
public final class FetchCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Confirmation confirmation;

    @Spec
    private CommandSpec spec;

    @ArgGroup(validate = false, heading = "%nDatabases:%n", order = 1)
    private Databases databases = new Databases();

    @ArgGroup(validate = false, heading = "%nWhat to load:%n", order = 2)
    private SelectionOptions selection = new SelectionOptions();

    @ArgGroup(validate = false, heading = "%nTables of the target:%n", order = 3)
    private TargetOptions tables = new TargetOptions();

    @ArgGroup(validate = false, heading = "%nFiles:%n", order = 4)
    private FileFlags fileFlags = new FileFlags();

    @ArgGroup(validate = false, heading = "%nCarrying on:%n", order = 5)
    private ContinuationFlags continuationFlags = new ContinuationFlags();

    @ArgGroup(validate = false, heading = "%nSpeed:%n", order = 6)
    private SpeedOptions speed = new SpeedOptions();

    @ArgGroup(validate = false, heading = "%nReplication after the load:%n", order = 7)
    private ReplicationOptions replication = new ReplicationOptions();

    @ArgGroup(validate = false, heading = "%nOutput:%n", order = 8)
    private OutputOptions output = new OutputOptions();

    /** Options that name the databases. */
    private static final class Databases {
        @Option(
                names = "--source",
                paramLabel = "URL",
                description =
                        "The source: postgresql://user:password@host:port/database, or mysql://... Taken from GODWIT_SOURCE if not"
                                + " given, which keeps the password out of the process list.")
        private String source;

        @Option(
                names = "--target",
                paramLabel = "URL",
                description = "The target, PostgreSQL or CockroachDB. Taken from GODWIT_TARGET if not given.")
        private String target;
    }

    public FetchCommand() {
        this(System.getenv(), Confirmation.atTerminal());
    }

    FetchCommand(Map<String, String> environment, Confirmation confirmation) {
        this.environment = environment;
        this.confirmation = confirmation;
    }

    /** @throws RefusedException on bad input; nothing has been written then */
    @Override
    public Integer call() {
        Splitting splitting = speed.read();
        CheckpointOptions checkpoint = replication.read();
        TableOptions tableOptions = tables.read();
        Optional<FileOptions> files = fileFlags.read(environment);
        if (fileFlags.mode() == FetchMode.IMPORT_ONLY) {
            return importFiles(files.orElseThrow(), tableOptions.handling(), splitting);
        }
        if (fileFlags.mode() == FetchMode.EXPORT_ONLY && tableOptions.handling() != TableHandling.NONE) {
            throw new RefusedException(
                    "--mode export-only leaves the target as it is, and --table-handling would change it",
                    "leave --table-handling away, and give it when the files are imported");
        }
        LoadSelection selected = selection.read(tables.handling());
        DatabaseUrl sourceUrl = url("--source", databases.source, "GODWIT_SOURCE");
        DatabaseUrl targetUrl = url("--target", databases.target, "GODWIT_TARGET");
        Database sourceDatabase = Database.connect("source", sourceUrl);
        Database targetDatabase = Database.connect("target", targetUrl);
        FileFlags.requirePossible(files, targetDatabase.product());
        Continuation continuation = continuationFlags.read(targetDatabase);
        FetchRequest.Builder builder = FetchRequest.builder(sourceDatabase, targetDatabase)
                .tables(selected.tables(sourceDatabase, targetDatabase))
                .tableOptions(tableOptions)
                .checkpoint(checkpoint)
                .splitting(splitting)
                .mode(fileFlags.mode())
                .continuation(continuation);
        files.ifPresent(builder::files);
        FetchRequest request = builder.build();
        if (continuation.fetchId().isEmpty()) {
            confirm(request, spec.commandLine().getErr());
        }
        String checkpointText =
                checkpoint.mode() == CheckpointOptions.Mode.NONE || sourceDatabase.product() == Product.MYSQL
                        ? ""
                        : "slot " + request.slotName() + ", publication " + request.publicationName();
        return watched(checkpointText, listener -> FetchJob.run(request, listener));
    }

    private int importFiles(FileOptions files, TableHandling handling, Splitting splitting) {
        if (handling == TableHandling.DROP_ON_TARGET_AND_RECREATE) {
            throw new RefusedException(
                    "files alone do not say how tables are made",
                    "make the tables first, or load with --mode data-load; nothing was written");
        }
        Database target = Database.connect("target", url("--target", databases.target, "GODWIT_TARGET"));
        FileFlags.requirePossible(Optional.of(files), target.product());
        Continuation continuation = continuationFlags.read(target);
        if (continuation.fetchId().isEmpty()) {
            throw new RefusedException(
                    "--mode import-only does not say which files", "give --fetch-id: the id that the export has told");
        }
        ImportRequest request = new ImportRequest(target, files, handling, splitting, continuation);
        return watched("", listener -> FetchJob.importFiles(request, listener));
    }

    /** Runs the load while reports, log and metrics tell of it. */
    private int watched(String checkpointText, Consumer<FetchListener> load) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ProgressBar bar = output.json() ? ProgressBar.none() : ProgressBar.onTerminal(err);
        List<FetchListener> listeners = new ArrayList<>();
        listeners.add(
                output.json() ? new JsonReport(out, Clock.systemUTC()) : new TextReport(out, bar, checkpointText));
        listeners.add(LogReport.create(Clock.systemUTC()));
        FetchMetrics metrics = new FetchMetrics();
        listeners.add(metrics);
        try (MetricsEndpoint endpoint = MetricsEndpoint.open(output.metricsAddress(), metrics)) {
            endpoint.address().ifPresent(address -> {
                err.println("metrics: " + address);
                err.flush();
            });
            load.accept(new AllListeners(listeners));
            return 0;
        } catch (FetchFailedException e) {
            metrics.failed();
            bar.clear();
            err.println("error: " + e.getMessage() + "\nremedy: " + e.remedy());
            err.flush();
            return 1;
        }
    }

    /** @throws RefusedException if something would be dropped and the user does not want it, or cannot be asked */
    private void confirm(FetchRequest request, PrintWriter err) {
        List<String> takesAway = FetchJob.takesAway(request);
        if (takesAway.isEmpty()) {
            return;
        }
        takesAway.forEach(sentence -> err.println("WARNING: " + sentence));
        err.flush();
        if (!output.nonInteractive()) {
            confirmation.require(err);
        }
    }

    private DatabaseUrl url(String option, String given, String variable) {
        String text = given != null ? given : environment.get(variable);
        if (text == null || text.isBlank()) {
            throw new RefusedException(
                    "no " + option.substring(2) + " is given", "give " + option + " or set " + variable);
        }
        return DatabaseUrl.parse(given != null ? option : variable, text);
    }
}

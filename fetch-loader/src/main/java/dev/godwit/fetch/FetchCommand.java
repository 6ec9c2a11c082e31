package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code godwit fetch}: the bulk load. */
@Command(
        name = "fetch",
        sortOptions = false,
        usageHelpAutoWidth = true,
        descriptionHeading = "%n",
        customSynopsis = "godwit fetch --source URL --target URL [OPTION]...",
        synopsisHeading = "Usage: ",
        description = {
            "Loads tables from a PostgreSQL source into a PostgreSQL or CockroachDB target, from one consistent snapshot.",
            "",
            "Creates a publication and a replication slot on the source. Replication that starts at the slot carries on exactly"
                    + " where the load ends: nothing is missing and nothing comes twice. While tables are read, ALTER TABLE and"
                    + " TRUNCATE on them wait. Everything is checked first; what is wrong is refused before anything is written."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all rows are committed on the target",
            "1:the load broke off; slot and publication are dropped again",
            "2:refused; nothing was written"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  export GODWIT_SOURCE=postgresql://app@old-host/shop",
            "  export GODWIT_TARGET=postgresql://app@new-host:26257/shop",
            "  godwit fetch --table-filter 'employees|payments' \\",
            "      --row-filter \"public.payments=region = 'eu'\""
        })
public final class FetchCommand implements Callable<Integer> {
    private static final String EVERYTHING = ".*";

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @ArgGroup(validate = false, heading = "%nDatabases:%n", order = 1)
    private Databases databases = new Databases();

    @ArgGroup(validate = false, heading = "%nWhat to load:%n", order = 2)
    private Selection selection = new Selection();

    @ArgGroup(validate = false, heading = "%nHow to load it:%n", order = 3)
    private Loading loading = new Loading();

    @ArgGroup(validate = false, heading = "%nOutput:%n", order = 4)
    private Output output = new Output();

    /** Options that name the databases. */
    private static final class Databases {
        @Option(
                names = "--source",
                paramLabel = "URL",
                description =
                        "The source: postgresql://user:password@host:port/database. Taken from GODWIT_SOURCE if not"
                                + " given, which keeps the password out of the process list.")
        private String source;

        @Option(
                names = "--target",
                paramLabel = "URL",
                description = "The target, PostgreSQL or CockroachDB. Taken from GODWIT_TARGET if not given.")
        private String target;
    }

    /** Options that select tables and rows. Defaults stand twice, because picocli applies the annotation's only to groups that are used. */
    private static final class Selection {
        @Option(
                names = "--schema-filter",
                paramLabel = "REGEX",
                defaultValue = EVERYTHING,
                description = "Only schemas whose whole name matches. Default: ${DEFAULT-VALUE}")
        private String schemaFilter = EVERYTHING;

        @Option(
                names = "--table-filter",
                paramLabel = "REGEX",
                defaultValue = EVERYTHING,
                description = "Only tables whose whole name matches. Default: ${DEFAULT-VALUE}")
        private String tableFilter = EVERYTHING;

        @Option(
                names = "--row-filter",
                paramLabel = "SCHEMA.TABLE=CONDITION",
                description = "Only rows of that table for which the SQL condition holds. May be given once per table.")
        private List<String> rowFilters = List.of();
    }

    /** Options of the load itself. */
    private static final class Loading {
        @Option(
                names = "--table-handling",
                paramLabel = "none|truncate-if-exists",
                defaultValue = "none",
                converter = TableHandlingConverter.class,
                description =
                        "What happens to rows that the target holds already. With none they are not touched, and the"
                                + " load is refused if some belong to it. Default: ${DEFAULT-VALUE}")
        private TableHandling tableHandling = TableHandling.NONE;

        @Option(
                names = "--table-concurrency",
                paramLabel = "NUMBER",
                defaultValue = "" + FetchRequest.DEFAULT_CONCURRENCY,
                description =
                        "Tables, or pieces of a large table, that are loaded at the same time; each takes one connection"
                                + " to either side. Default: ${DEFAULT-VALUE}")
        private int tableConcurrency = FetchRequest.DEFAULT_CONCURRENCY;

        @Option(
                names = "--pglogical-replication-slot-name",
                paramLabel = "NAME",
                defaultValue = FetchRequest.DEFAULT_NAME,
                description =
                        "The replication slot to create. It keeps the source's log until replication reads it or you"
                                + " drop it. Default: ${DEFAULT-VALUE}")
        private String slotName = FetchRequest.DEFAULT_NAME;

        @Option(
                names = "--pglogical-publication-name",
                paramLabel = "NAME",
                defaultValue = FetchRequest.DEFAULT_NAME,
                description = "The publication to create. Default: ${DEFAULT-VALUE}")
        private String publicationName = FetchRequest.DEFAULT_NAME;
    }

    /** Options of the output. */
    private static final class Output {
        @Option(names = "--json", description = "Write JSON lines with MOLT Fetch's messages and fields.")
        private boolean json;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        @SuppressWarnings("UnusedVariable") // picocli acts on it
        private boolean help;
    }

    public FetchCommand() {
        this(System.getenv());
    }

    FetchCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** @throws RefusedException on bad input; nothing has been written then */
    @Override
    public Integer call() {
        if (loading.tableConcurrency < 1) {
            throw new RefusedException(
                    "--table-concurrency is " + loading.tableConcurrency, "give a number of at least 1");
        }
        DatabaseUrl sourceUrl = url("--source", databases.source, "GODWIT_SOURCE");
        DatabaseUrl targetUrl = url("--target", databases.target, "GODWIT_TARGET");
        SliceOptions slices = new SliceOptions(selection.schemaFilter, selection.tableFilter, selection.rowFilters);
        Database sourceDatabase = Database.connect("source", sourceUrl);
        Database targetDatabase = Database.connect("target", targetUrl);
        FetchRequest request = FetchRequest.builder(sourceDatabase, targetDatabase)
                .slices(slices.slices(sourceDatabase, targetDatabase))
                .tableHandling(loading.tableHandling)
                .slotName(loading.slotName)
                .publicationName(loading.publicationName)
                .concurrency(loading.tableConcurrency)
                .build();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ProgressBar bar = ProgressBar.onTerminal(err);
        try {
            FetchJob.run(
                    request, output.json ? new JsonReport(out, Clock.systemUTC()) : new TextReport(out, bar, request));
            return 0;
        } catch (FetchFailedException e) {
            bar.clear();
            err.println("error: " + e.getMessage() + "\nremedy: " + e.remedy());
            err.flush();
            return 1;
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

    /** Takes MOLT's spellings. */
    static final class TableHandlingConverter implements ITypeConverter<TableHandling> {
        @Override
        public TableHandling convert(String value) {
            return switch (value) {
                case "none" -> TableHandling.NONE;
                case "truncate-if-exists" -> TableHandling.TRUNCATE_IF_EXISTS;
                default ->
                    throw new TypeConversionException(
                            "\"" + value + "\" is not supported by this version; use none or truncate-if-exists");
            };
        }
    }
}

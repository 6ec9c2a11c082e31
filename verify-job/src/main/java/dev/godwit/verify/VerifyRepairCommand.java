package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.verify.ConnectionOptions.Both;
import dev.godwit.verify.RepairTable.Needed;
import dev.godwit.verify.SelectionOptions.Selection;
import dev.godwit.verify.repair.RepairChange.Action;
import dev.godwit.verify.repair.RepairWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code godwit verify repair}. Exit code 0 if nothing differs or everything could be repaired, 1 if rows are left to repair (always so in a
 * dry run that found some); {@link RefusedException} stands for 2.
 */
@Command(
        name = "repair",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Makes differing rows of the target equal to the source's current rows. A dry run unless --execute is given.",
            "Compares first, or takes the keys from --differences-file and looks at those rows only. Writes through the applier's ledger, in"
                    + " foreign-key order, and reads again what it has written. While replication runs, give --live."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing differs, or everything is repaired",
            "1:rows are left to repair, as in a dry run that found some",
            "2:refused, or broken off on the way"
        })
public final class VerifyRepairCommand implements Callable<Integer> {
    private final RepairWriter.Factory writers;

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

    @Option(
            names = "--differences-file",
            paramLabel = "FILE",
            order = 50,
            description =
                    "Repair the rows that this file names, which godwit verify has written. Default: compare now.")
    private Path differencesFile;

    @Option(names = "--execute", order = 51, description = "Write. Without it, only what would be done is shown.")
    private boolean execute;

    @Option(
            names = "--repair-domain",
            paramLabel = "NAME",
            order = 52,
            defaultValue = "godwit-repair",
            description =
                    "Under which name the target's ledger records the repair; ends in -repair. Default: ${DEFAULT-VALUE}")
    private String domain;

    @Option(
            names = "--differences-listed",
            paramLabel = "ROWS",
            order = 60,
            defaultValue = "" + VerifyRequest.DEFAULT_DIFFERENCES_LISTED,
            description = "Rows listed per table; all are repaired. Default: ${DEFAULT-VALUE}")
    private int listed;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 90,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    public VerifyRepairCommand(RepairWriter.Factory writers) {
        this(writers, System.getenv());
    }

    VerifyRepairCommand(RepairWriter.Factory writers, Map<String, String> environment) {
        this.writers = writers;
        this.connections = new ConnectionOptions(environment);
    }

    @Override
    public Integer call() {
        lives.check();
        compares.check();
        compares.requireRows();
        if (!domain.endsWith("-repair")) {
            throw new RefusedException(
                    "--repair-domain " + domain + " does not end in -repair",
                    "name it after the phase, such as shop-eu-repair: a domain of replication must not be taken over");
        }
        Selection selection = selections.read();
        Optional<Map<TableName, List<Map<String, String>>>> fromFile =
                Optional.ofNullable(differencesFile).map(DifferencesReader::read);
        Both databases = connections.connect();
        List<TablePair> pairs = selection.pairs(databases);
        VerifyRequest request = compares.request(databases, pairs, listed, lives.settings(databases));
        Map<TableName, List<Map<String, String>>> keys = fromFile.orElseGet(() -> compare(request));
        Catalog targetCatalog = PairSelection.catalog(databases.target());
        Repair repair = new Repair(
                targetCatalog, Repair.tables(request, PairSelection.catalog(databases.source()), targetCatalog, keys));
        Map<TableName, List<Needed>> needed = repair.needed();
        PrintWriter out = spec.commandLine().getOut();
        if (needed.isEmpty()) {
            out.println("Nothing to repair: every row that was looked at is equal.");
            out.flush();
            return 0;
        }
        show(out, needed, execute ? "will be" : "would be");
        if (!execute) {
            out.println("This was a dry run: nothing was written. Give --execute to write it.");
            out.flush();
            return 1;
        }
        return execute(out, repair, needed, databases.target(), targetCatalog, pairs);
    }

    private int execute(
            PrintWriter out,
            Repair repair,
            Map<TableName, List<Needed>> needed,
            Database target,
            Catalog catalog,
            List<TablePair> pairs) {
        Map<TableName, List<Needed>> left;
        try (RepairWriter writer = writers.open(target, catalog, domain, slices(pairs))) {
            left = repair.execute(needed, writer, (round, rows) -> {
                out.println(rows + " rows written" + (round == 1 ? "." : ", again: they had changed meanwhile."));
                out.flush();
            });
        }
        if (left.isEmpty()) {
            out.println("Repaired: every row that was written has been read again and is equal.");
            out.flush();
            return 0;
        }
        show(out, left, "still have to be");
        out.println("Not repaired: these rows differ again or still. Does something write to the target?");
        out.flush();
        return 1;
    }

    private Map<TableName, List<Map<String, String>>> compare(VerifyRequest request) {
        Map<TableName, List<Map<String, String>>> keys = new ConcurrentHashMap<>();
        VerifyJob.run(request, new VerifyListener() {
            @Override
            public void rowDiffers(TableName table, RowDifference difference) {
                List<Map<String, String>> rows = keys.computeIfAbsent(table, name -> new ArrayList<>());
                synchronized (rows) {
                    if (rows.size() == LiveCandidates.KEYS_MAX) {
                        throw new VerifyFailedException(
                                "more than " + LiveCandidates.KEYS_MAX + " rows of " + table + " differ",
                                "load the table again: that is faster than to repair it row by row");
                    }
                    rows.add(difference.key());
                }
            }
        });
        return keys;
    }

    private static Map<TableName, RowFilter> slices(List<TablePair> pairs) {
        Map<TableName, RowFilter> slices = new LinkedHashMap<>();
        pairs.forEach(pair ->
                pair.targetRows().flatMap(RowCondition::filter).ifPresent(filter -> slices.put(pair.target(), filter)));
        return slices;
    }

    private void show(PrintWriter out, Map<TableName, List<Needed>> needed, String will) {
        needed.forEach((table, rows) -> {
            long deletes = rows.stream()
                    .filter(row -> row.change().action() == Action.DELETE)
                    .count();
            out.println(TextOutput.printable(
                    table + ": " + (rows.size() - deletes) + " rows " + will + " written, " + deletes + " deleted"));
            rows.stream()
                    .limit(listed)
                    .forEach(row -> out.println("  "
                            + (row.change().action() == Action.DELETE ? "delete " : "write  ")
                            + TextOutput.printable(row.difference().key().toString())
                            + (row.difference().columns().isEmpty()
                                    ? ""
                                    : TextOutput.printable(" for "
                                            + String.join(", ", row.difference().columnNames())))));
            if (rows.size() > listed) {
                out.println("  and " + (rows.size() - listed) + " more");
            }
        });
    }
}

package dev.godwit.bench;

import dev.godwit.bench.fetch.FetchBenchmark;
import dev.godwit.bench.fetch.FetchContestant;
import dev.godwit.bench.fetch.FetchResult;
import dev.godwit.bench.fetch.FetchSettings;
import dev.godwit.bench.fetch.FetchWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit bench fetch}. */
@Command(
        name = "fetch",
        header = "Measures the bulk load beside psql, pg_dump and pgcopydb.",
        description = {
            "Starts two PostgreSQL servers on this machine, fills tables on one of them, and lets each contestant, in processes of its own,"
                    + " bring a table into a fresh database on the other. After every run all rows are compared with the source's.",
            "",
            "psql, pg_dump and pgcopydb are taken from the PATH where they are there. Needs about 6 GB of disk in the temporary"
                    + " directory for the default number of rows."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a contestant failed or left wrong rows", "2:refused or wrong usage"})
public final class BenchFetchCommand implements Callable<Integer> {
    private static final double QUICK_PERCENT = 4;
    private static final double ALL_PERCENT = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            split = ",",
            description =
                    "narrow (5 million rows), wide (500 thousand rows of 40 columns) or large (10 thousand rows of 100 kB);"
                            + " several with commas. Default: all.")
    private List<String> workloads =
            Arrays.stream(FetchWorkload.values()).map(FetchWorkload::label).toList();

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description =
                    "pipe, pg_dump, pgcopydb, godwit-1, godwit-4 or godwit-files; several with commas. Default: all.")
    private List<String> contestants =
            Arrays.stream(FetchContestant.values()).map(FetchContestant::label).toList();

    @Option(
            names = "--percent",
            paramLabel = "P",
            description = "Percent of the number of rows. Default: 100, with --quick 4.")
    private Double percent;

    @Option(names = "--rounds", paramLabel = "N", description = "Times that all contestants run, in turn. Default: 3.")
    private Integer rounds;

    @Option(names = "--quick", description = "Few rows and one round: to see that all works. Its numbers mean little.")
    private boolean quick;

    @Option(names = "--heap", paramLabel = "MIB", description = "Heap of Godwit's process. Default: ${DEFAULT-VALUE}.")
    private int heapMiB = 256;

    @Option(names = "--fsync", description = "Let the target's commits wait for the disk. Default: they do not.")
    private boolean fsync;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description =
                    "Write a flight recording (JFR) of Godwit's first run to this file. It slows that run down a little.")
    private Path profile;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    private boolean json;

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        FetchSettings settings = new FetchSettings(
                Choices.chosen("--workload", workloads, FetchWorkload.values(), FetchWorkload::label),
                Choices.chosen("--contestants", contestants, FetchContestant.values(), FetchContestant::label),
                percent != null ? percent : quick ? QUICK_PERCENT : ALL_PERCENT,
                rounds != null ? rounds : quick ? 1 : 3,
                heapMiB,
                fsync,
                Optional.ofNullable(profile));
        PrintWriter out = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("godwit-bench-");
        try {
            FetchResult result = new FetchBenchmark(settings, directory, line -> {
                        out.println(line);
                        out.flush();
                    })
                    .run();
            out.println(result.text());
            if (json) {
                out.println(result.json());
            }
            out.flush();
            return 0;
        } finally {
            Choices.delete(directory);
        }
    }
}

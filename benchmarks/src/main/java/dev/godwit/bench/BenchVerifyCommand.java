package dev.godwit.bench;

import dev.godwit.bench.fetch.FetchWorkload;
import dev.godwit.bench.verify.VerifyBenchmark;
import dev.godwit.bench.verify.VerifyContestant;
import dev.godwit.bench.verify.VerifyPlace;
import dev.godwit.bench.verify.VerifyResult;
import dev.godwit.bench.verify.VerifySettings;
import dev.godwit.verify.VerifyRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit bench verify}. */
@Command(
        name = "verify",
        header = "Measures the comparison of two tables beside reading both with COPY.",
        description = {
            "Starts PostgreSQL on this machine, makes a table in two databases, equal and with some rows that differ, and compares them by"
                    + " checksum and in full; on this machine, and with one database behind a link that lets only so much through. Every run"
                    + " must find exactly the rows that differ.",
            "",
            "Needs about 1 GB of memory and, for all rows, 8 GB of disk in the temporary directory."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a contestant failed or found something else", "2:refused or wrong usage"})
public final class BenchVerifyCommand implements Callable<Integer> {
    private static final double QUICK_PERCENT = 1;
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
            names = "--percent",
            paramLabel = "P",
            description = "Percent of the number of rows. Default: 100, with --quick 1.")
    private Double percent;

    @Option(names = "--rounds", paramLabel = "N", description = "Times that all contestants run, in turn. Default: 3.")
    private Integer rounds;

    @Option(names = "--quick", description = "Few rows and one round: to see that all works. Its numbers mean little.")
    private boolean quick;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Chooses the rows that differ. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--differences", paramLabel = "N", description = "Rows that differ. Default: ${DEFAULT-VALUE}.")
    private int differences = 10;

    @Option(names = "--link", paramLabel = "MBIT", description = "Mbit/s of the link. Default: ${DEFAULT-VALUE}.")
    private double link = 100;

    @Option(
            names = "--concurrency",
            paramLabel = "RANGES",
            description = "Of Godwit. Default: ${DEFAULT-VALUE}, as that of the command.")
    private int concurrency = VerifyRequest.DEFAULT_CONCURRENCY;

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description = "copy (always measured), full, checksum; several with commas. Default: all.")
    private List<String> contestants = Arrays.stream(VerifyContestant.values())
            .map(VerifyContestant::label)
            .toList();

    @Option(names = "--where", paramLabel = "PLACE", split = ",", description = "local or link. Default: both.")
    private List<String> places =
            Arrays.stream(VerifyPlace.values()).map(VerifyPlace::label).toList();

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    private boolean json;

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        VerifySettings settings = new VerifySettings(
                Choices.chosen("--workload", workloads, FetchWorkload.values(), FetchWorkload::label),
                percent != null ? percent : quick ? QUICK_PERCENT : ALL_PERCENT,
                rounds != null ? rounds : quick ? 1 : 3,
                seed,
                differences,
                link,
                concurrency,
                Choices.chosen("--contestants", contestants, VerifyContestant.values(), VerifyContestant::label),
                Choices.chosen("--where", places, VerifyPlace.values(), VerifyPlace::label));
        PrintWriter out = spec.commandLine().getOut();
        VerifyResult result = new VerifyBenchmark(settings, line -> {
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
    }
}

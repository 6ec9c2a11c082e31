package dev.godwit.bench;

import dev.godwit.bench.apply.ApplyBenchmark;
import dev.godwit.bench.apply.BenchResult;
import dev.godwit.bench.apply.BenchSettings;
import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.workload.Workload;
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

/** {@code godwit bench apply}. */
@Command(
        name = "apply",
        header = "Measures the applier beside Debezium's JDBC sink connector and plain JDBC.",
        description = {
            "Starts Kafka and PostgreSQL on this machine, writes a seeded history of changes into topics, and lets each contestant, in a"
                    + " process of its own, bring a fresh copy of the same database up to date from them. After every run all rows are"
                    + " compared with the expected ones.",
            "",
            "Needs about 4 GB of memory and, for the default number of changes, 5 GB of disk in the temporary directory."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        mixinStandardHelpOptions = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a contestant failed or left wrong rows", "2:refused or wrong usage"})
public final class BenchApplyCommand implements Callable<Integer> {
    private static final long QUICK_CHANGES = 50_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            split = ",",
            description = "mixed, hot-keys or wide; several with commas. Default: all.")
    private List<String> workloads =
            Arrays.stream(Workload.values()).map(Workload::label).toList();

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description =
                    "consistent, immediate, jdbc-sink, jdbc-sink-inline-schemas or limit; several with commas. Default: all.")
    private List<String> contestants =
            Arrays.stream(Contestant.values()).map(Contestant::label).toList();

    @Option(names = "--changes", paramLabel = "N", description = "Changes of each workload. Default: 500000.")
    private Long changes;

    @Option(names = "--rounds", paramLabel = "N", description = "Times that all contestants run, in turn. Default: 3.")
    private Integer rounds;

    @Option(
            names = "--quick",
            description =
                    "50000 changes and one round: to see that all works. Its numbers mean little, as starting takes most of the time.")
    private boolean quick;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the histories. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            description = "Heap of the processes that read from Kafka. Default: ${DEFAULT-VALUE}.")
    private int heapMiB = 1_024;

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
        BenchSettings settings = new BenchSettings(
                Choices.chosen("--workload", workloads, Workload.values(), Workload::label),
                Choices.chosen("--contestants", contestants, Contestant.values(), Contestant::label),
                changes != null ? changes : quick ? QUICK_CHANGES : 500_000,
                rounds != null ? rounds : quick ? 1 : 3,
                seed,
                heapMiB,
                fsync,
                Optional.ofNullable(profile));
        PrintWriter out = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("godwit-bench-");
        try {
            BenchResult result = new ApplyBenchmark(settings, directory, line -> {
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

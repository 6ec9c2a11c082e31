package dev.godwit.phase.cli;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.connectors.Direction;
import dev.godwit.database.ListenAddress;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.ApplyCounts;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.Words;
import dev.godwit.phase.service.ApplyMetrics;
import dev.godwit.phase.service.OperationsServer;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit apply}. */
@Command(
        name = "apply",
        header = "Applies the changes of a phase, as a service of its own.",
        description = {
            "Reads the topics of one direction and writes whole transactions, each once, until it is stopped by Ctrl-C or SIGTERM. May be"
                    + " killed at any moment: the next one goes on from the ledger. Several may run for one direction: one works, the"
                    + " others wait to take over; in mode grouped they share the groups of tables, in mode immediate the partitions.",
            "",
            "Use it with \"apply: {run: external}\" in the phase file. Otherwise godwit phase run does this in its own process."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        subcommands = {ApplyStatusCommand.class, ApplyDrainCommand.class, DeadLettersCommand.class})
final class ApplyCommand implements Callable<Integer> {
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(30);
    private static final int LANES_MAX = 64;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help;

    @Spec
    private CommandSpec spec;

    @Option(names = "--phase", paramLabel = "FILE", description = "The phase file (YAML).")
    private java.nio.file.Path phaseFile;

    @Option(
            names = "--direction",
            paramLabel = "DIRECTION",
            description = "forward: from the source to the target (default); failback: back.")
    private String direction = "forward";

    @Option(
            names = "--metrics-addr",
            paramLabel = "HOST:PORT",
            description =
                    "Serve /metrics (for Prometheus), /health/live and /health/ready there. :PORT listens on the loopback interface only; port"
                            + " 0 takes a free one and says which. Default: none.")
    private String metricsAddress;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "consistent: transactions appear whole; grouped: whole within each group of tables that foreign keys connect; immediate:"
                            + " only changes of one row keep their order. Default: as the phase file says (apply.mode).")
    private ApplyMode mode;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            description =
                    "How many target transactions each ordering domain writes at the same time. Default: as the phase file says"
                            + " (apply.lanes).")
    private Integer lanes;

    @Option(
            names = "--ignore-column",
            paramLabel = "SCHEMA.TABLE.COLUMN",
            description =
                    "Do not write this column, on whichever side it is; beside those of the phase file (apply.ignore-columns). May be given"
                            + " several times.")
    private List<String> ignoredColumns = new ArrayList<>();

    @Option(
            names = "--drained-change",
            paramLabel = "CHANGE",
            description =
                    "Tables were changed while nothing was applied, and everything that was written before is applied: the refusal of the start"
                            + " says which CHANGE it is. Default: as the phase file says (apply.drained-change).")
    private String drainedChange;

    @Option(
            names = "--replication-origin",
            description =
                    "Give each session that writes to a PostgreSQL (16 or newer) a replication origin, so that a slot read with origin=none leaves out"
                            + " what is applied. Default: as the phase file says (apply.replication-origin).")
    private boolean replicationOrigin;

    @Override
    public Integer call() throws Exception {
        Direction chosen = ApplyOptions.direction(direction);
        Optional<InetSocketAddress> listen = Optional.ofNullable(metricsAddress).map(ListenAddress::parse);
        PrintWriter out = spec.commandLine().getOut();
        return Signals.interrupting(() -> {
            try (OperatorConsole console = OperatorConsole.show(out);
                    PhaseApplier applier = PhaseApplier.start(file(), chosen)) {
                return serve(listen, applier, console.out());
            }
        });
    }

    private PhaseFile file() {
        if (lanes != null && (lanes < 1 || lanes > LANES_MAX)) {
            throw new RefusedException("--lanes is " + lanes, "use a whole number from 1 to " + LANES_MAX);
        }
        PhaseFile file = ApplyOptions.phaseFile(spec.commandLine(), phaseFile).ignoring(ignoredColumns);
        ApplyMode chosen = mode == null ? file.apply().mode() : mode;
        if (lanes != null && chosen == ApplyMode.IMMEDIATE) {
            throw new RefusedException(
                    "--lanes in mode immediate, where each partition is a lane",
                    "use apply.partitions in the phase file");
        }
        PhaseFile.Apply apply = file.apply().with(Optional.ofNullable(mode), Optional.ofNullable(lanes));
        apply = drainedChange == null ? apply : apply.afterDrainedChange(drainedChange);
        return file.with(replicationOrigin ? apply.withReplicationOrigin() : apply);
    }

    private static int serve(Optional<InetSocketAddress> listen, PhaseApplier applier, PrintWriter out) {
        if (listen.isEmpty()) {
            return applyUntilStopped(applier, out);
        }
        ApplyMetrics metrics = applier.metrics();
        try (OperationsServer server = OperationsServer.start(listen.get(), metrics::scrape, applier::health)) {
            out.println("metrics and health: " + server.uri());
            return applyUntilStopped(applier, out);
        }
    }

    private static int applyUntilStopped(PhaseApplier applier, PrintWriter out) {
        out.println("applying " + applier.domain() + "; Ctrl-C or SIGTERM stops it");
        out.flush();
        CountDownLatch never = new CountDownLatch(1);
        long reportedAt = System.nanoTime();
        try {
            while (!never.await(200, TimeUnit.MILLISECONDS)) {
                if (applier.failure().isPresent()) {
                    Throwable failure = applier.failure().get();
                    throw new IllegalStateException(
                            "the applier " + applier.domain() + " has stopped: " + failure.getMessage(), failure);
                }
                if (System.nanoTime() - reportedAt > REPORT_INTERVAL.toNanos()) {
                    reportedAt = System.nanoTime();
                    report(applier, out);
                }
            }
        } catch (InterruptedException e) {
            // That is how it is stopped. The flag stays off: closing has to wait for what is being written.
            out.println("stopping");
        }
        report(applier, out);
        return 0;
    }

    private static void report(PhaseApplier applier, PrintWriter out) {
        ApplyCounts counts = applier.counts();
        Optional<Progress> last = applier.statistics().values().stream()
                .map(ApplyStatistics::progress)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Progress::committedAt));
        out.println(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + " " + applier.domain() + ": "
                + Words.count(counts.transactions()) + " transactions, " + Words.count(counts.upserts()) + " upserts, "
                + Words.count(counts.deletes()) + " deletes"
                + last.map(progress -> "; consistent to " + progress.consistentPoint() + ", committed "
                                + Words.duration(Duration.between(progress.committedAt(), Instant.now())) + " ago")
                        .orElse("; nothing yet"));
        out.flush();
    }
}

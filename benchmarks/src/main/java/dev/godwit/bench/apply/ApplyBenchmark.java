package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.child.RunPlace;
import dev.godwit.bench.message.WorkloadTopics;
import dev.godwit.bench.sql.BenchDatabases;
import dev.godwit.bench.sql.TableSums;
import dev.godwit.bench.workload.History;
import dev.godwit.bench.workload.Workload;
import dev.godwit.local.KafkaServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Runs all contestants on all workloads, in turn, each in a fresh copy of the same database. */
public final class ApplyBenchmark {
    private static final String SOURCE = "source";

    private final BenchSettings settings;
    private final Path directory;
    private final Consumer<String> narrator;
    private boolean profiled;

    /**
     * @param directory for logs and state of the runs; exists
     * @param narrator is told line by line what happens
     */
    public ApplyBenchmark(BenchSettings settings, Path directory, Consumer<String> narrator) {
        this.settings = settings;
        this.directory = directory;
        this.narrator = narrator;
    }

    /** @throws IllegalStateException if a contestant fails, or leaves other rows than it should */
    public BenchResult run() throws SQLException, IOException, InterruptedException {
        List<WorkloadResult> results = new ArrayList<>();
        for (Workload workload : settings.workloads()) {
            // A broker and a server for each, so that no workload carries the burden of those before it.
            try (KafkaServer kafka = KafkaServer.start();
                    BenchDatabases databases = BenchDatabases.start(settings.fsync())) {
                results.add(run(workload, kafka, databases));
            }
        }
        return new BenchResult(settings, results);
    }

    private WorkloadResult run(Workload workload, KafkaServer kafka, BenchDatabases databases)
            throws SQLException, IOException, InterruptedException {
        narrator.accept(workload.label() + ": " + workload.description());
        History history = workload.history(settings.changes(), settings.seed());
        databases.create(template(true), history, true);
        databases.create(template(false), history, false);
        databases.copy(template(true), SOURCE);
        long initialRows = sums(databases, SOURCE, history).rows();
        WorkloadTopics topics = new WorkloadTopics(kafka.bootstrapServers(), workload);
        WorkloadTopics.Written written = topics.write(
                history,
                settings.contestants().contains(Contestant.JDBC_SINK_INLINE_SCHEMAS),
                settings.contestants().contains(Contestant.IMMEDIATE));
        databases.create("expected", history, true);
        TableSums expected = sums(databases, "expected", history);
        narrator.accept(String.format(
                Locale.ROOT,
                "  %,d changes (%,d updates, %,d inserts, %,d deletes) in %,d transactions; %,d rows before, %,d after",
                written.changes(),
                written.updates(),
                written.inserts(),
                written.deletes(),
                written.transactions(),
                initialRows,
                expected.rows()));
        List<Measurement> measurements = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            List<Contestant> order = new ArrayList<>(settings.contestants());
            Collections.rotate(order, 1 - round);
            for (Contestant contestant : order) {
                String name = "bench-" + workload.label() + "-" + round + "-" + contestant.label();
                databases.copy(template(contestant.keepsForeignKeys()), name);
                RunPlace place = new RunPlace(
                        name,
                        workload,
                        settings.changes(),
                        settings.seed(),
                        topics,
                        history.tables(),
                        kafka.bootstrapServers(),
                        databases.url(SOURCE),
                        databases.url(name),
                        directory,
                        settings.heapMiB(),
                        jvmOptions(contestant));
                Measurement measurement =
                        new Stopwatch(databases).measure(contestant, place, round, written.changes(), expected);
                databases.drop(name);
                measurements.add(measurement);
                narrator.accept("  " + TextReport.line(measurement));
            }
        }
        return new WorkloadResult(workload, written, initialRows, expected.rows(), measurements);
    }

    private static String template(boolean foreignKeys) {
        return foreignKeys ? "with-foreign-keys" : "without-foreign-keys";
    }

    private static TableSums sums(BenchDatabases databases, String database, History history) throws SQLException {
        try (Connection connection = databases.open(database)) {
            return TableSums.read(connection, history.tables());
        }
    }

    private List<String> jvmOptions(Contestant contestant) {
        if (contestant != Contestant.CONSISTENT
                || profiled
                || settings.profile().isEmpty()) {
            return List.of();
        }
        profiled = true;
        return List.of(
                "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                        + settings.profile().get().toAbsolutePath(),
                "-XX:FlightRecorderOptions=stackdepth=128");
    }
}

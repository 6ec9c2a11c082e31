package dev.godwit.phase.soak;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.DomainStatus;
import dev.godwit.connectors.Direction;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.LocalStack;
import dev.godwit.local.PostgresServer;
import dev.godwit.local.StackSettings;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoData;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.local.demo.TrafficSettings;
import dev.godwit.phase.demo.DemoPhaseFile;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** A phase that replicates forward under traffic: what the faults are done to. Not thread-safe. */
final class SoakStage implements AutoCloseable {
    static final Region REGION = Region.EU;
    /** Of the direction. */
    static final String DOMAIN = DemoPhaseFile.MIGRATION + "-" + REGION.code() + "-forward";

    private static final int ROWS = 4_000;
    private static final int PARTITIONS = 3;

    final ApplyMode mode;
    final LocalStack stack;
    final Database source;
    final Database target;
    final PhaseFile phase;
    final TrafficRouter router;
    final Traffic traffic;
    final Appliers appliers;

    private SoakStage(LocalStack stack, Database source, Database target, ApplyMode mode, long seed, double rate)
            throws Exception {
        this.mode = mode;
        this.stack = stack;
        this.source = source;
        this.target = target;
        fill(seed);
        this.phase = PhaseFile.read(phaseFile());
        this.router = new TrafficRouter(source, target);
        this.traffic = Traffic.start(router, new TrafficSettings(rate, 4, seed));
        Path directory = Files.createDirectories(stack.directory().resolve("appliers"));
        this.appliers = new Appliers(directory, phase.path(), mode == ApplyMode.CONSISTENT ? 1 : 2);
    }

    /** Returns when forward replication has caught up once. */
    static SoakStage open(ApplyMode mode, long seed, double rate) throws Exception {
        StackSettings settings = new StackSettings(
                        Target.POSTGRESQL_STAND_IN,
                        // So that a killed applier is missed soon, and a killed broker may come back soon.
                        Map.of("group.min.session.timeout.ms", "500", "broker.session.timeout.ms", "10000"),
                        Map.of(),
                        Map.of(),
                        Map.of())
                .inProcesses();
        LocalStack stack = LocalStack.start(settings);
        try {
            Database source = Database.connect("source", stack.source().createDatabase("shop"));
            Database target = Database.connect("target", stack.target().createDatabase("shop"));
            SoakStage stage = new SoakStage(stack, source, target, mode, seed, rate);
            stage.replicate();
            return stage;
        } catch (Exception | Error e) {
            stack.close();
            throw e;
        }
    }

    private void fill(long seed) throws SQLException {
        try (Connection connection = source.open()) {
            DemoSchema.createTables(connection, source.product());
            if (mode == ApplyMode.IMMEDIATE) {
                sendWholeRows(connection);
            }
        }
        try (Connection connection = target.open()) {
            DemoSchema.createTargetTables(connection, target.product());
        }
        PairTable.create(source);
        PairTable.create(target);
        PairTable.fill(source);
        DemoData.fill(source, ROWS, seed);
    }

    /** Keys change in this traffic, and mode immediate has no old row to complete a new one from. */
    private static void sendWholeRows(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            for (TableName table : DemoSchema.TABLES) {
                statement.execute("ALTER TABLE " + table + " REPLICA IDENTITY FULL");
            }
        }
    }

    private Path phaseFile() throws IOException {
        Path written = DemoPhaseFile.write(stack, source, target, REGION);
        String text = Files.readString(written)
                .replace(
                        "kafka:\n",
                        "kafka:\n  properties: {session.timeout.ms: '3000', heartbeat.interval.ms: '500'}\n")
                .replace("tables:\n", "tables:\n  - name: " + PairTable.NAME + "\n");
        return Files.writeString(
                written,
                text + "apply: {run: external, mode: " + mode.label()
                        + (mode == ApplyMode.IMMEDIATE ? ", partitions: " + PARTITIONS : "") + "}\nlag-max: 60s\n");
    }

    private void replicate() throws Exception {
        try (PhaseRunner runner = PhaseRunner.open(phase, PhaseOptions.defaults())) {
            runner.run(PhaseStep.FINALIZE_SCHEMA);
            FutureTask<RunResult> step = new FutureTask<>(() -> runner.run(PhaseStep.FORWARD_REPLICATION));
            Thread thread = new Thread(step, "soak-step-6");
            thread.start();
            try {
                while (thread.isAlive()) {
                    appliers.keepRunning(); // the first are refused, until the step has made the topics
                    thread.join(500);
                }
            } finally {
                thread.interrupt();
                thread.join();
            }
            step.get();
        }
    }

    /** Waits until all that was written is applied. */
    void drain(Duration timeMax) {
        PhaseApplier.drain(phase, Direction.FORWARD, timeMax);
    }

    /** The ordering domains that have had an owner, with the number of the last one. */
    List<DomainStatus> domains() {
        return DomainStatus.all(target, DOMAIN);
    }

    PostgresServer targetServer() {
        return (PostgresServer) stack.target();
    }

    @Override
    public void close() {
        appliers.close();
        traffic.close();
        stack.close();
    }
}

package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.connectors.Direction;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.LocalStack;
import dev.godwit.local.MysqlServer;
import dev.godwit.local.StackSettings;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoData;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.LostWriteCheck;
import dev.godwit.local.demo.MysqlDemoSchema;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.local.demo.TrafficSettings;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseApplier;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.RunResult;
import dev.godwit.verify.VerifyJob;
import dev.godwit.verify.VerifyListener;
import dev.godwit.verify.VerifyReport;
import dev.godwit.verify.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The applier as a process of its own, killed again and again (SIGKILL) while changes flow. */
@Timeout(600)
class ApplierCrashTest {
    private static final int KILLS = 3;
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Source.class)
    void theTargetEqualsTheSourceAlthoughTheApplierIsKilledAgainAndAgain(Source kind) throws Exception {
        assumeTrue(kind != Source.MYSQL
                || MysqlServer.whyNot().isEmpty()
                || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        StackSettings settings = new StackSettings(
                kind,
                Target.POSTGRESQL_STAND_IN,
                Map.of("group.min.session.timeout.ms", "500"), // so that a killed applier is missed soon
                Map.of(),
                Map.of(),
                Map.of());
        try (LocalStack stack = LocalStack.start(settings)) {
            Database source = source(stack, kind);
            Database target = Database.connect("target", stack.target().createDatabase("shop"));
            createTables(source, target);
            DemoData.fill(source, 4_000, 3);
            Path file = phaseFile(stack, source, target);
            TrafficRouter router = new TrafficRouter(source, target);
            try (Traffic traffic = Traffic.start(router, new TrafficSettings(60, 4, 3));
                    PhaseRunner runner = PhaseRunner.open(PhaseFile.read(file), PhaseOptions.defaults())) {
                runner.run(PhaseStep.FINALIZE_SCHEMA);
                // Step 6 wants to see markers come through, whoever applies and however often that one dies.
                FutureTask<RunResult> forward = new FutureTask<>(() -> runner.run(PhaseStep.FORWARD_REPLICATION));
                Thread step = new Thread(forward, "step 6");
                step.start();
                try {
                    awaitTopics(stack);
                    killAgainAndAgain(file, target);
                } catch (Throwable e) {
                    step.interrupt();
                    step.join();
                    throw e;
                }

                router.stop(Region.EU, SOON);
                try (PhaseApplier last = PhaseApplier.start(PhaseFile.read(file), Direction.FORWARD)) {
                    PhaseApplier.drain(PhaseFile.read(file), Direction.FORWARD, SOON);
                    forward.get(3, TimeUnit.MINUTES);
                    assertThat(last.failure()).isEmpty();
                }

                if (kind == Source.POSTGRESQL) {
                    assertThat(Fingerprint.of(target, "region = 'eu'"))
                            .isEqualTo(Fingerprint.of(source, "region = 'eu'"));
                } else {
                    assertThat(differences(source, target)).isEmpty();
                }
                assertThat(LostWriteCheck.owner(target, Region.EU, traffic)).isEmpty();
                assertThat(Fingerprint.single(
                                target, "SELECT epoch::text FROM _godwit.domain WHERE domain = 'shop-eu-forward'"))
                        .as("every applier has had the domain in its turn")
                        .satisfies(epoch -> assertThat(Integer.parseInt(epoch)).isGreaterThan(KILLS));
            }
        }
    }

    private static Database source(LocalStack stack, Source kind) {
        DatabaseUrl url = stack.source().createDatabase(kind == Source.MYSQL ? DemoSchema.SCHEMA : "shop");
        return Database.connect("source", kind == Source.MYSQL ? MysqlDemoSchema.sourceUrl(url) : url);
    }

    private static void createTables(Database source, Database target) throws SQLException {
        try (Connection ofSource = source.open();
                Connection ofTarget = target.open()) {
            if (source.product() == Product.MYSQL) {
                MysqlDemoSchema.createTables(ofSource);
                MysqlDemoSchema.createTargetTables(ofTarget, target.product());
            } else {
                DemoSchema.createTables(ofSource, source.product());
                DemoSchema.createTargetTables(ofTarget, target.product());
            }
        }
    }

    /** Every row of the region, value by value. */
    private static List<String> differences(Database source, Database target) throws SQLException {
        List<TableSlice> slices = new ArrayList<>();
        for (TableName table : DemoSchema.TABLES) {
            slices.add(new TableSlice(
                    table,
                    Optional.of(RowFilter.parse(
                            "region = 'eu'", source.catalog().table(table).orElseThrow()))));
        }
        VerifyReport report = VerifyJob.run(VerifyRequest.of(source, target, slices), VerifyListener.SILENT);
        assertThat(report.totals().success()).isPositive();
        return report.totals().differingRows() == 0 && report.structure().isEmpty()
                ? List.of()
                : List.of(report.totals().toString(), report.structure().toString());
    }

    private Path phaseFile(LocalStack stack, Database source, Database target) throws IOException {
        Path written = DemoPhaseFile.write(stack, source, target, Region.EU);
        String text = Files.readString(written)
                .replace(
                        "kafka:\n",
                        "kafka:\n  properties: {session.timeout.ms: '3000', heartbeat.interval.ms: '500'}\n");
        return Files.writeString(written, text + "apply: {run: external}\nlag-max: 60s\n");
    }

    /** Step 6 makes them; an applier that is quicker is refused. */
    private static void awaitTopics(LocalStack stack) {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            await("step 6 makes the topics").atMost(SOON).ignoreExceptions().until(() -> admin
                    .describeTopics(List.of("shop-eu-forward.transaction", "shop-eu-forward._godwit.watermark"))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .noneMatch(topic -> topic.partitions().isEmpty()));
        }
    }

    private void killAgainAndAgain(Path phaseFile, Database target) throws Exception {
        for (int kill = 0; kill <= KILLS; kill++) {
            Path output = directory.resolve("applier-" + kill + ".out");
            Process applier = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.io.tmpdir=" + directory, // a killed process removes nothing
                            "-cp",
                            System.getProperty("java.class.path"),
                            "dev.godwit.phase.cli.Main",
                            "apply",
                            "--phase",
                            phaseFile.toString(),
                            "--log-file",
                            directory.resolve("applier-" + kill + ".log").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                String before = applied(target);
                await("applier " + kill + " applies something")
                        .atMost(SOON)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> !applier.isAlive() || !applied(target).equals(before));
                assertThat(applier.isAlive())
                        .as("applier %s lives: %s", kill, Files.readString(output))
                        .isTrue();
            } finally {
                applier.destroyForcibly().waitFor();
            }
        }
    }

    /** Changes with every batch, also before the consistent point has moved over it. */
    private static String applied(Database target) throws Exception {
        return Fingerprint.single(
                target,
                "SELECT coalesce((SELECT max(last_position) FROM _godwit.applied), '') || coalesce((SELECT max(consistent_point)"
                        + " FROM _godwit.domain), '')");
    }
}

package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
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
import dev.godwit.local.demo.Side;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.local.demo.TrafficSettings;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.RollbackResult;
import dev.godwit.phase.run.UserAction;
import dev.godwit.verify.VerifyCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** A MySQL that dies (SIGKILL) while it is replicated from, and while failback writes to it; and a Connect that dies beside it. */
@Timeout(900)
class MysqlCrashTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int KILLS = 3;
    /** So many more changes have to come through before the next crash, and after the last. */
    private static final int CHANGES_BETWEEN = 40;

    @Test
    void noRowIsLostOrDoubledAlthoughMysqlDiesAsSourceAndAsTargetOfFailback() throws Exception {
        Optional<RefusedException> missing = MysqlServer.whyNot();
        assumeTrue(missing.isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        try (LocalStack stack = LocalStack.start(
                StackSettings.defaults(Source.MYSQL, Target.POSTGRESQL_STAND_IN).inProcesses())) {
            MysqlServer mysql = (MysqlServer) stack.source();
            Database source =
                    Database.connect("source", MysqlDemoSchema.sourceUrl(mysql.createDatabase(DemoSchema.SCHEMA)));
            Database target = Database.connect("target", stack.target().createDatabase("shop"));
            try (Connection ofSource = source.open();
                    Connection ofTarget = target.open()) {
                MysqlDemoSchema.createTables(ofSource);
                MysqlDemoSchema.createTargetTables(ofTarget, target.product());
            }
            DemoData.fill(source, 2_000, 5);
            TrafficRouter router = new TrafficRouter(source, target);
            try (Traffic traffic = Traffic.start(router, new TrafficSettings(40, 4, 5));
                    Story story = new Story(stack, source, target, router)) {
                PhaseRunner runner = story.runner;
                runner.run(PhaseStep.FORWARD_REPLICATION);
                for (int kill = 1; kill <= KILLS; kill++) {
                    awaitMore("forward", () -> runner.forwardCounts().changes(), runner);
                    crash(mysql);
                    if (kill == 2) {
                        stack.connect().kill();
                        stack.connect().restart();
                    }
                }
                awaitMore("forward", () -> runner.forwardCounts().changes(), runner);
                assertThatLiveComparisonFindsWhatIsPlantedAndNothingElse(source, target);
                runner.run(PhaseStep.CUT_OVER); // drained and compared at rest
                assertThat(LostWriteCheck.owner(target, Region.EU, traffic)).isEmpty();

                for (int kill = 1; kill <= KILLS; kill++) {
                    awaitMore("failback", () -> runner.failbackCounts().changes(), runner);
                    crash(mysql);
                }
                awaitMore("failback", () -> runner.failbackCounts().changes(), runner);
                assertThat(runner.rollback()).isEqualTo(RollbackResult.RETURNED);
                assertThat(LostWriteCheck.owner(source, Region.EU, traffic)).isEmpty();
            }
        }
    }

    /** Under traffic; what is on its way is no difference. */
    private static void assertThatLiveComparisonFindsWhatIsPlantedAndNothingElse(Database source, Database target)
            throws SQLException {
        String table = DemoSchema.SCHEMA + ".customers";
        CarriedStack.execute(
                target,
                "INSERT INTO " + table
                        + " (id, region, name, created_at, version) VALUES (-1, 'eu', 'planted', now(), 1)");
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(
                        "--live",
                        "--json",
                        "--table-filter=customers",
                        "--row-filter=" + table + "=region = '" + Region.EU.code() + "'",
                        "--source=" + source.url().withPassword(),
                        "--target=" + target.url().withPassword());
        CarriedStack.execute(target, "DELETE FROM " + table + " WHERE id = -1");
        assertThat(exit).as(out.toString()).isEqualTo(1);
        assertThat(out.toString()).contains("\"num_missing\":0", "\"num_mismatch\":0", "\"num_extraneous\":1");
    }

    private static void crash(MysqlServer mysql) {
        mysql.kill();
        mysql.restart();
    }

    private static void awaitMore(String direction, LongSupplier changes, PhaseRunner runner) {
        long before = changes.getAsLong();
        await(direction + " replication goes on")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> runner.applierFailure().isPresent() || changes.getAsLong() >= before + CHANGES_BETWEEN);
        assertThat(runner.applierFailure()).isEmpty();
    }

    /** The phase, with the traffic's router as its user. */
    private static final class Story implements AutoCloseable {
        private final TrafficRouter router;
        private final PhaseRunner runner;
        private StandInFeed feed;

        private Story(LocalStack stack, Database source, Database target, TrafficRouter router) throws Exception {
            this.router = router;
            this.runner = PhaseRunner.open(
                    PhaseFile.read(DemoPhaseFile.write(stack, source, target, Region.EU)),
                    PhaseOptions.defaults().actions(this::perform).feed((replicationSource, phase, captured) -> {
                        feed = new StandInFeed(stack, replicationSource, phase, captured);
                        return feed;
                    }));
        }

        private boolean perform(UserAction action) throws InterruptedException {
            try {
                switch (action) {
                    case STOP_TRAFFIC, STOP_TARGET_TRAFFIC -> router.stop(Region.EU, SOON);
                    case CUT_OVER -> router.open(Region.EU, Side.TARGET);
                    case RETURN_TRAFFIC -> router.open(Region.EU, Side.SOURCE);
                    case STOP_FAILBACK -> throw new IllegalStateException("nobody asked for that");
                }
                return true;
            } catch (TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                runner.close();
            } finally {
                if (feed != null) {
                    feed.close();
                }
            }
        }
    }
}

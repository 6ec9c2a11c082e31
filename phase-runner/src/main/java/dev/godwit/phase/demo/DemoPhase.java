package dev.godwit.phase.demo;

import dev.godwit.apply.Drain;
import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.LocalStack;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.Downtime;
import dev.godwit.local.demo.LostWriteCheck;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.Side;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.run.ApplyCounts;
import dev.godwit.phase.run.PhaseOptions;
import dev.godwit.phase.run.PhaseRunner;
import dev.godwit.phase.run.UserAction;
import dev.godwit.phase.run.Words;
import dev.godwit.verify.VerifyJob;
import dev.godwit.verify.VerifyListener;
import dev.godwit.verify.VerifyReport;
import dev.godwit.verify.VerifyRequest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** One region on its way: its runner, its part of the traffic, its changefeed. */
final class DemoPhase implements AutoCloseable {
    /** So much is to flow in each direction before the story goes on; with little traffic, the time decides. */
    private static final long CHANGES_SHOWN = 150;

    private static final Duration WATCH_MAX = Duration.ofSeconds(15);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final Region region;
    private final LocalStack stack;
    private final Database source;
    private final Database target;
    private final TrafficRouter router;
    private final Traffic traffic;
    private final Narrator narrator;
    private final PhaseRunner runner;
    private StandInFeed feed;
    private Optional<Downtime> downtime = Optional.empty();
    private Optional<Downtime> returnDowntime = Optional.empty();

    DemoPhase(
            Region region,
            boolean first,
            LocalStack stack,
            Database source,
            Database target,
            TrafficRouter router,
            Traffic traffic,
            Narrator narrator)
            throws Exception {
        this.region = region;
        this.stack = stack;
        this.source = source;
        this.target = target;
        this.router = router;
        this.traffic = traffic;
        this.narrator = narrator;
        Path file = DemoPhaseFile.write(stack, source, target, region, first);
        this.runner = PhaseRunner.open(
                PhaseFile.read(file),
                PhaseOptions.defaults()
                        .listener(new DemoListener(narrator))
                        .actions(this::perform)
                        .feed(this::feed));
    }

    /** Steps 1 to 11. */
    void moveToTarget() throws Exception {
        runner.run(PhaseStep.CUT_OVER);
        watchFlow("failback", "the target", () -> failbackCounts().changes());
        narrator.say("         " + counted("failback", failbackCounts())
                + ", committed on the target, now on the source too");
    }

    /** The way back, as if the application did not like it on the target. */
    void returnToSource() throws Exception {
        narrator.say(region + ": rollback drill: the traffic goes back to the source");
        runner.rollback();
        requireNothingLost(source);
    }

    /** Stops the traffic, and proves that both sides are equal at rest, with failback still running. Returns the number of differing rows. */
    long compareAtRest() throws Exception {
        router.stop(region, STOP_MAX);
        requireNothingLost(target);
        new Drain(target, source, DemoPhaseFile.MIGRATION + "-" + region.code() + "-failback")
                .run(Duration.ofMinutes(2), runner::applierFailure);
        List<TableSlice> slices = new ArrayList<>();
        for (TableName table : DemoSchema.TABLES) {
            slices.add(new TableSlice(
                    table,
                    Optional.of(RowFilter.parse(
                            region.filter(), source.catalog().table(table).orElseThrow()))));
        }
        VerifyReport report = VerifyJob.run(VerifyRequest.of(source, target, slices), VerifyListener.SILENT);
        long differing = report.totals().differingRows() + report.structure().size();
        narrator.say(region + ": compared at rest, with failback on: "
                + Words.count(report.totals().success()) + " rows equal, " + Words.count(differing) + " differ");
        return differing;
    }

    /** Step 12. */
    void stopFailback() throws Exception {
        runner.run(PhaseStep.STOP_FAILBACK);
    }

    private Changefeed feed(Database replicationSource, PhaseDirection phase, List<TableName> captured) {
        feed = new StandInFeed(stack, replicationSource, phase, captured);
        return feed;
    }

    private boolean perform(UserAction action) throws InterruptedException {
        try {
            switch (action) {
                case STOP_TRAFFIC -> {
                    watchFlow("forward", "the source", () -> forwardCounts().changes());
                    narrator.say("         " + counted("forward", forwardCounts()) + " while the traffic ran");
                    router.stop(region, STOP_MAX);
                    narrator.say("         " + region + " traffic stopped, the downtime of " + region
                            + " begins; all other regions go on");
                }
                case CUT_OVER -> {
                    requireNothingLost(target);
                    router.open(region, Side.TARGET);
                    Downtime measured = router.awaitDowntimeEnd(region, STOP_MAX);
                    downtime = Optional.of(measured);
                    narrator.say("         " + region + " works on the target; downtime as the application saw it: "
                            + Words.duration(measured.duration()));
                }
                case STOP_TARGET_TRAFFIC -> {
                    router.stop(region, STOP_MAX);
                    narrator.say("         " + region + " traffic to the target stopped");
                }
                case RETURN_TRAFFIC -> {
                    requireNothingLost(source);
                    router.open(region, Side.SOURCE);
                    Downtime measured = router.awaitDowntimeEnd(region, STOP_MAX);
                    returnDowntime = Optional.of(measured);
                    narrator.say("         " + region
                            + " works on the source again, with every row it wrote on the target; downtime: "
                            + Words.duration(measured.duration()));
                }
                case STOP_FAILBACK -> narrator.say("         weeks later, so to speak: nobody wants to go back");
            }
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look for lost writes of " + region + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the traffic of " + region + " does not stop or begin: " + e.getMessage(), e);
        }
    }

    private void requireNothingLost(Database owner) throws SQLException {
        List<String> problems = LostWriteCheck.owner(owner, region, traffic);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "writes of " + region + " are lost on the " + owner.role() + ": " + String.join("; ", problems));
        }
    }

    private void watchFlow(String direction, String from, LongSupplier changes) throws InterruptedException {
        long deadline = System.nanoTime() + WATCH_MAX.toNanos();
        narrator.say("         " + region + " traffic keeps writing on " + from + "; watching its changes flow "
                + direction);
        while (changes.getAsLong() < CHANGES_SHOWN && System.nanoTime() < deadline) {
            if (runner.applierFailure().isPresent()) {
                Throwable failure = runner.applierFailure().get();
                throw new IllegalStateException(
                        "the " + direction + " applier has stopped: " + failure.getMessage(), failure);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static String counted(String direction, ApplyCounts counts) {
        return Words.count(counts.changes()) + " changes in " + Words.count(counts.transactions())
                + " transactions applied " + direction;
    }

    Region region() {
        return region;
    }

    ApplyCounts forwardCounts() {
        return runner.forwardCounts();
    }

    ApplyCounts failbackCounts() {
        return runner.failbackCounts();
    }

    /** From the source to the target; empty if that did not happen. */
    Optional<Downtime> downtime() {
        return downtime;
    }

    /** From the target back to the source; empty if that did not happen. */
    Optional<Downtime> returnDowntime() {
        return returnDowntime;
    }

    Map<PhaseStep, StepRecord> records() throws Exception {
        return runner.records();
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

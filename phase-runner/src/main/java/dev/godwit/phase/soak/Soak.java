package dev.godwit.phase.soak;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.DomainStatus;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.demo.LostWriteCheck;
import dev.godwit.phase.demo.Narrator;
import dev.godwit.verify.VerifyJob;
import dev.godwit.verify.VerifyListener;
import dev.godwit.verify.VerifyReport;
import dev.godwit.verify.VerifyRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Traffic, faults, and a comparison at the end. */
final class Soak {
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(60);
    private static final Duration DRAIN_MAX = Duration.ofMinutes(5);

    private final SoakSettings settings;
    private final Narrator narrator;
    private final Random random;
    private final CountDownLatch never = new CountDownLatch(1);

    Soak(SoakSettings settings, Narrator narrator) {
        this.settings = settings;
        this.narrator = narrator;
        this.random = new Random(settings.seed());
    }

    SoakResult run() throws Exception {
        narrator.say("mode " + settings.mode().label()
                + ": starting Kafka, Kafka Connect with Debezium, and PostgreSQL as source and as target; seed "
                + settings.seed());
        try (SoakStage stage = SoakStage.open(settings.mode(), settings.seed(), settings.transactionsPerSecond())) {
            return run(stage);
        }
    }

    SoakResult run(SoakStage stage) throws Exception {
        Faults faults = new Faults(stage, settings.seed());
        List<String> problems = new ArrayList<>();
        long transactions;
        long reads;
        long begun = System.nanoTime();
        try (PairReader reader = PairReader.start(stage.target, settings.mode() != ApplyMode.IMMEDIATE)) {
            try (PairWriter writer = PairWriter.start(stage.source, settings.seed())) {
                narrator.say("forward replication runs; faults begin");
                makeFaults(stage, faults, begun + settings.duration().toNanos());
                writer.failure().ifPresent(e -> problems.add("the writer of the pairs has failed: " + e));
                transactions = writer.transactions();
            }
            narrator.say("faults end; stopping the traffic and draining");
            stage.router.stop(SoakStage.REGION, QUIET_WITHIN);
            stage.appliers.keepRunning();
            stage.drain(DRAIN_MAX);
            problems.addAll(reader.violations());
            reads = reader.reads();
        }
        stage.appliers.keepRunning();
        problems.addAll(stage.appliers.failures());
        problems.addAll(LostWriteCheck.owner(stage.target, SoakStage.REGION, stage.traffic));
        long equal = compare(stage, problems);
        SoakResult result = new SoakResult(
                settings,
                problems,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                faults.done(),
                transactions + stage.traffic.counts(SoakStage.REGION).transactions(),
                equal,
                reads,
                stage.domains().stream().mapToLong(DomainStatus::epoch).sum());
        problems.forEach(narrator::say);
        narrator.say(result.isPass() ? "passed" : "failed; to choose the same faults again: --seed " + settings.seed());
        return result;
    }

    private void makeFaults(SoakStage stage, Faults faults, long until) throws Exception {
        int next = 0;
        while (true) {
            double factor = settings.shuffled() ? 0.5 + random.nextDouble() : 1;
            long pause = (long) (settings.faultInterval().toNanos() * factor);
            never.await(Math.max(0, Math.min(pause, until - System.nanoTime())), TimeUnit.NANOSECONDS);
            stage.appliers.keepRunning();
            boolean over = settings.shuffled()
                    ? System.nanoTime() >= until
                    : next == settings.faults().size();
            if (over) {
                return;
            }
            Fault fault = settings.shuffled()
                    ? settings.faults().get(random.nextInt(settings.faults().size()))
                    : settings.faults().get(next++);
            narrator.say(fault.word());
            faults.make(fault);
        }
    }

    private long compare(SoakStage stage, List<String> problems) throws Exception {
        Catalog catalog = stage.source.catalog();
        List<TableSlice> slices =
                stage.phase.tables().stream().map(entry -> entry.slice(catalog)).toList();
        VerifyReport report =
                VerifyJob.run(VerifyRequest.of(stage.source, stage.target, slices), VerifyListener.SILENT);
        if (report.totals().differingRows() > 0) {
            problems.add(report.totals().differingRows() + " rows differ between source and target");
        }
        narrator.say(
                report.totals().success() + " rows equal, " + report.totals().differingRows() + " differ");
        return report.totals().success();
    }
}

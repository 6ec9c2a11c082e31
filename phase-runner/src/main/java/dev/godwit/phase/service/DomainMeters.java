package dev.godwit.phase.service;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ReasonCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of one ordering domain. */
final class DomainMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final ApplyStatistics statistics;

    DomainMeters(MeterRegistry registry, Tags tags, ApplyStatistics statistics) {
        this.registry = registry;
        this.tags = tags;
        this.statistics = statistics;
    }

    void register() {
        counters();
        flow();
        ages();
    }

    private void counters() {
        counter("records", "Records read from Kafka", ApplyStatistics::records);
        counter("transactions", "Source transactions applied", ApplyStatistics::transactions);
        counter("target.transactions", "Target transactions committed", ApplyStatistics::targetTransactions);
        counter("upserts", "Rows inserted or updated", ApplyStatistics::upserts);
        counter("deletes", "Rows deleted, tables truncated", ApplyStatistics::deletes);
        counter(
                "skipped.transactions",
                "Transactions read again that were applied already",
                ApplyStatistics::skippedTransactions);
        counter("takeovers", "Times this applier became the owner of the domain", ApplyStatistics::takeOvers);
        byReason("conflicts", "Transactions that had to wait for an earlier one", statistics.conflicts());
        byReason("dead.letters", "Changes put aside", statistics.deadLetters());
        byReason("retries", "Target transactions tried again", statistics.retries());
    }

    private void flow() {
        gauge("lanes", "Lanes that may write", null, s -> s.laneUse().lanes());
        gauge("lanes.busy", "Lanes that are writing", null, s -> s.laneUse().busy());
        FunctionCounter.builder(
                        "godwit.apply.lane.busy.seconds",
                        statistics,
                        s -> s.laneUse().busyNanos() / 1e9)
                .description("Time that lanes have spent in target transactions")
                .tags(tags)
                .register(registry);
        gauge("queue.transactions", "Whole transactions that wait", null, ApplyStatistics::waitingTransactions);
        gauge("queue.rows", "Their changes", null, ApplyStatistics::waitingRows);
        gauge("open.transactions", "Transactions not whole yet", null, ApplyStatistics::openTransactions);
        gauge("dead.letters.standing", "Changes put aside and not replayed", null, ApplyStatistics::standingAside);
        gauge("reading.paused", "1 while reading pauses", null, s -> s.isPaused() ? 1 : 0);
        gauge(
                "restart.gap.records",
                "Records read again after the last take-over although they were applied",
                null,
                ApplyStatistics::restartGap);
    }

    private void ages() {
        FunctionTimer.builder(
                        "godwit.apply.commit.to.apply",
                        statistics,
                        ApplyStatistics::transactions,
                        ApplyStatistics::commitToApplyMillis,
                        TimeUnit.MILLISECONDS)
                .description("From the commit at the source to the commit at the target")
                .tags(tags)
                .register(registry);
        gauge(
                "lag",
                "From commit to commit, of the last transaction applied",
                "seconds",
                s -> seconds(s.lastCommitToApply().orElse(null)));
        gauge(
                "consistent.point.age",
                "Since the source committed the last transaction that the consistent point covers",
                "seconds",
                s -> seconds(s.lag(Instant.now()).orElse(null)));
        gauge(
                "consistent.point.timestamp",
                "When the source committed it, since the epoch",
                "seconds",
                s -> s.progress()
                        .map(progress -> progress.committedAt().toEpochMilli() / 1e3)
                        .orElse(Double.NaN));
    }

    private static double seconds(Duration duration) {
        return duration == null ? Double.NaN : duration.toMillis() / 1e3;
    }

    private void counter(String name, String description, ToDoubleFunction<ApplyStatistics> value) {
        FunctionCounter.builder("godwit.apply." + name, statistics, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private <R extends Enum<R>> void byReason(String name, String description, ReasonCounts<R> counts) {
        for (R reason : counts.reasons()) {
            FunctionCounter.builder("godwit.apply." + name, counts, all -> all.get(reason))
                    .description(description)
                    .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<ApplyStatistics> value) {
        Gauge.builder("godwit.apply." + name, statistics, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}

package dev.godwit.phase.service;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ReasonCounts;
import dev.godwit.connectors.PhaseDirection;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics of one applier, in Prometheus' text format. Their names and meanings stand in {@code docs/operations.md}. */
public final class ApplyMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyMetrics.class);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ApplyStatistics statistics;
    private final Tags tags;
    private final Supplier<Map<TopicPartition, Long>> consumerLag;
    private final MultiGauge lagByPartition;

    /** @param consumerLag asked at each scrape; may fail while Kafka does not answer */
    public ApplyMetrics(
            PhaseDirection phase, ApplyStatistics statistics, Supplier<Map<TopicPartition, Long>> consumerLag) {
        this.statistics = statistics;
        this.consumerLag = consumerLag;
        this.tags = Tags.of(
                "domain",
                phase.domain(),
                "migration",
                phase.migration(),
                "phase",
                phase.phase(),
                "direction",
                phase.direction().label());
        this.lagByPartition = MultiGauge.builder("godwit.apply.consumer.lag.records")
                .description("Records from the restart offset to the end of the partition")
                .tags(tags)
                .register(registry);
        counters();
        flow();
        ages();
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
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

    /** All metrics as they are now. Asks Kafka for the ends of the partitions. */
    public synchronized String scrape() {
        try {
            List<MultiGauge.Row<?>> rows = consumerLag.get().entrySet().stream()
                    .<MultiGauge.Row<?>>map(entry -> MultiGauge.Row.of(partition(entry.getKey()), entry.getValue()))
                    .toList();
            lagByPartition.register(rows, true);
        } catch (ApplyException e) {
            LOG.info("the consumer lag is not known: {}", e.getMessage());
            lagByPartition.register(List.of(), true);
        }
        return registry.scrape();
    }

    private static Tags partition(TopicPartition partition) {
        return Tags.of(
                Tag.of("topic", partition.topic()), Tag.of("partition", Integer.toString(partition.partition())));
    }
}

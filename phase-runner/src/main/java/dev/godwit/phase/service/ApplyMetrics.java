package dev.godwit.phase.service;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.connectors.PhaseDirection;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics of one applier with all its ordering domains, in Prometheus' text format. Their names and meanings stand in {@code docs/operations.md}. */
public final class ApplyMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyMetrics.class);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, ApplyStatistics> domains;
    private final Function<String, Map<TopicPartition, Long>> consumerLag;
    private final MultiGauge lagByPartition;
    private final PhaseDirection phase;

    /**
     * @param domains by their names, which are a label
     * @param consumerLag of a domain, asked at each scrape; may fail while Kafka does not answer
     */
    public ApplyMetrics(
            PhaseDirection phase,
            Map<String, ApplyStatistics> domains,
            Function<String, Map<TopicPartition, Long>> consumerLag) {
        this.phase = phase;
        this.domains = domains;
        this.consumerLag = consumerLag;
        this.lagByPartition = MultiGauge.builder("godwit.apply.consumer.lag.records")
                .description("Records from the restart offset to the end of the partition")
                .register(registry);
        domains.forEach((domain, statistics) -> new DomainMeters(registry, tags(domain), statistics).register());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private Tags tags(String domain) {
        return Tags.of(
                "domain",
                domain,
                "migration",
                phase.migration(),
                "phase",
                phase.phase(),
                "direction",
                phase.direction().label());
    }

    /** All metrics as they are now. Asks Kafka for the ends of the partitions. */
    public synchronized String scrape() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        try {
            domains.keySet().forEach(domain -> consumerLag
                    .apply(domain)
                    .forEach((partition, records) ->
                            rows.add(MultiGauge.Row.of(tags(domain).and(partition(partition)), records))));
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

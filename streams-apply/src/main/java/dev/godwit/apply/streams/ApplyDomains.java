package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.apply.ledger.ModeSwitch;
import dev.godwit.apply.registry.HttpSchemaRegistry;
import dev.godwit.apply.registry.RegistrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The ordering domains of one direction in this process. Thread-safe. */
public final class ApplyDomains implements AutoCloseable {
    private final List<ApplyStreams> applications = new ArrayList<>();
    private final Map<String, ApplyStatistics> statistics = new LinkedHashMap<>();

    private HeldBackWatch watch;

    private ApplyDomains() {}

    /** See {@link dev.godwit.apply.Applier#start}. */
    public static ApplyDomains start(ApplyConfig config) {
        Tables tables = Tables.read(config);
        if (config.mode() == ApplyMode.IMMEDIATE) {
            ImmediateFit.require(config, tables);
        }
        RegistrySettings.of(config.kafkaProperties())
                .map(HttpSchemaRegistry::new)
                .ifPresent(HttpSchemaRegistry::check);
        int partitions = requireTopics(config);
        FormerTables.check(config, tables);
        ApplyDomains domains = new ApplyDomains();
        try {
            if (config.mode() == ApplyMode.IMMEDIATE) {
                domains.preparePartitions(config, tables, partitions);
            } else {
                domains.prepareParts(config, tables);
            }
            domains.applications.forEach(ApplyStreams::begin);
            domains.watch = HeldBackWatch.start(
                    config.direction(), InputTopics.connect(config), InputTopics.partitions(config, partitions));
            return domains;
        } catch (RuntimeException e) {
            domains.close();
            throw e;
        }
    }

    private static int requireTopics(ApplyConfig config) {
        Admin admin = InputTopics.connect(config);
        try {
            int partitions = InputTopics.require(config, admin, InputTopics.of(config));
            Overlap.refuse(config, admin);
            return partitions;
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private void prepareParts(ApplyConfig config, Tables tables) {
        List<DomainParts> parts = DomainParts.of(config, tables);
        Map<String, Set<String>> topics = new HashMap<>();
        parts.forEach(part -> topics.put(part.config().domain(), new HashSet<>(InputTopics.of(part.config()))));
        new ModeSwitch(config.direction(), config.mode(), topics).enter(config.replicationTarget());
        FormerTables.enter(config, tables);
        for (DomainParts part : parts) {
            ApplyStatistics own = new ApplyStatistics();
            applications.add(ApplyStreams.prepare(part.config(), part.tables(), own));
            statistics.put(part.config().domain(), own);
        }
    }

    private void preparePartitions(ApplyConfig config, Tables tables, int partitions) {
        Map<String, Set<String>> topics = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            String name = DomainNames.partition(config.domain(), partition, partitions);
            topics.put(name, new HashSet<>(InputTopics.of(config)));
            statistics.put(name, new ApplyStatistics());
        }
        new ModeSwitch(config.direction(), config.mode(), topics).enter(config.replicationTarget());
        FormerTables.enter(config, tables);
        applications.add(ApplyStreams.prepare(config, tables, partitions, statistics));
    }

    /** By the name of the domain. */
    public Map<String, ApplyStatistics> statistics() {
        return statistics;
    }

    /** Of the first that has failed; the others work on until they are closed. */
    public Optional<Throwable> failure() {
        return applications.stream()
                .map(ApplyStreams::failure)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Waits until one of them stops, or the time is over. */
    public boolean awaitStopped(Duration timeMax) throws InterruptedException {
        long deadline = System.nanoTime() + timeMax.toNanos();
        while (true) {
            for (ApplyStreams application : applications) {
                if (application.isStopped()) {
                    return true;
                }
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            applications.get(0).awaitStopped(Duration.ofNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100))));
        }
    }

    /** Whether all are members of their groups. */
    public boolean takesPart() {
        return applications.stream().allMatch(ApplyStreams::takesPart);
    }

    /** Where the input partitions of a domain end now. @throws dev.godwit.apply.ApplyException if Kafka does not answer */
    public Map<TopicPartition, Long> ends(String domain) {
        return applications.stream()
                .map(application -> application.ends(domain))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Map.of());
    }

    /** All at once: each waits for what it is writing. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        applications.parallelStream().forEach(ApplyStreams::close);
    }
}

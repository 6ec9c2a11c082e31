package dev.godwit.phase.run;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.CapturedPoint;
import dev.godwit.apply.DomainStatus;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.deadletter.DeadLetterTopic;
import dev.godwit.apply.streams.TableGroups;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.connectors.TopicSettings;
import dev.godwit.connectors.Topics;
import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.file.PhaseFile.ApplierRun;
import dev.godwit.phase.file.TableEntry;
import dev.godwit.phase.log.Evidence;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both directions have in common: the applying end. */
abstract class AppliedReplication implements Replication {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedReplication.class);
    private static final int LANES_OF_GROUP = 2;
    /** In mode immediate the proof waits for Connect to store its place, which it does once in a minute by default. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(90);

    final PhaseFile file;
    final PhaseDirection phase;
    final Database replicationSource;
    final Database replicationTarget;

    private volatile EmbeddedApplier applier;
    /** Of appliers that were stopped. */
    private ApplyCounts countsBefore = ApplyCounts.NONE;

    AppliedReplication(PhaseFile file, PhaseDirection phase, Database replicationSource, Database replicationTarget) {
        this.file = file;
        this.phase = phase;
        this.replicationSource = replicationSource;
        this.replicationTarget = replicationTarget;
    }

    abstract ApplyConfig.Format format();

    abstract Optional<String> transactionTopic();

    /** The topic that carries the changes of this table. */
    abstract String topic(TableName table);

    /** How far the capture has brought everything into Kafka, where only it can say so. */
    CapturedPoint.Source captured() {
        return CapturedPoint.Source.NONE;
    }

    /** Removes the capture and the topics. */
    abstract void removeWithTopics() throws Exception;

    @Override
    public String domain() {
        return phase.domain();
    }

    List<TableName> tables() {
        return file.tables().stream().map(TableEntry::name).toList();
    }

    TopicSettings topicSettings() {
        TopicSettings settings = TopicSettings.CONSISTENT.withPartitions(
                file.apply().mode() == ApplyMode.IMMEDIATE ? file.apply().partitions() : 1);
        return file.kafka().retention().map(settings::withRetention).orElse(settings);
    }

    /** With those of the ledger, which travel with the data. */
    Map<String, TableName> topics() {
        List<TableName> captured = new ArrayList<>(tables());
        captured.addAll(LedgerSchema.CAPTURED);
        Map<String, TableName> topics = new LinkedHashMap<>();
        captured.forEach(table -> topics.put(topic(table), table));
        return topics;
    }

    String applierPlan() {
        return file.apply().run() == ApplierRun.EMBEDDED
                ? "start the applier " + domain() + " in this process"
                : "expect the applier " + domain() + " to be run by you (apply.run: external)";
    }

    /** In grouped mode there are as many connections as lanes in all groups together. */
    private ApplyConfig.Limits limits() {
        ApplyConfig.Limits defaults = ApplyConfig.Limits.defaults();
        return file.apply().mode() == ApplyMode.GROUPED ? defaults.withLanes(LANES_OF_GROUP) : defaults;
    }

    private boolean hasOrigins() {
        return file.apply().replicationOrigin() && replicationTarget.product() == Product.POSTGRESQL;
    }

    /** @throws RefusedException if the sessions that apply cannot have the replication origins that the user wants */
    final void checkOrigins() throws SQLException {
        if (file.apply().replicationOrigin()
                && replicationSource.product() != Product.POSTGRESQL
                && replicationTarget.product() != Product.POSTGRESQL) {
            throw new RefusedException(
                    "apply.replication-origin is on, but neither database is a PostgreSQL", "leave it out");
        }
        if (hasOrigins()) {
            phase.origins().requireWritable(replicationTarget, sessions());
        }
    }

    /** Each domain has one beside its lanes, for the consistent point. */
    private int sessions() throws SQLException {
        int lanes = file.apply().lanes().orElse(limits().lanes());
        return switch (file.apply().mode()) {
            case CONSISTENT -> lanes + 1;
            case GROUPED -> (lanes + 1) * groups();
            case IMMEDIATE -> file.apply().partitions();
        };
    }

    private int groups() throws SQLException {
        return TableGroups.of(tables(), replicationTarget.catalog().foreignKeys())
                .size();
    }

    private ApplyConfig applyConfig(Path stateDirectory, List<TableSlice> slices, ApplyMode mode) {
        return new ApplyConfig(
                domain(),
                format(),
                replicationSource,
                hasOrigins() ? replicationTarget.with(phase.origins()) : replicationTarget,
                slices,
                topics(),
                transactionTopic(),
                file.kafka().bootstrapServers(),
                file.kafka().properties(),
                stateDirectory,
                file.apply().lanes().map(limits()::withLanes).orElse(limits()),
                file.apply().errors(),
                mode,
                captured(),
                file.apply().drainedChange());
    }

    /**
     * In the mode in which the direction is applied, whatever the phase file says now.
     *
     * @param stateDirectory for Kafka Streams' own files
     */
    ApplyConfig appliedConfig(Path stateDirectory) throws SQLException {
        ApplyMode mode = DomainStatus.mode(replicationTarget, domain())
                .orElse(file.apply().mode());
        return applyConfig(stateDirectory, slices(), mode);
    }

    private List<TableSlice> slices() throws SQLException {
        Catalog catalog = replicationTarget.catalog();
        return file.tables().stream().map(entry -> entry.slice(catalog)).toList();
    }

    @Override
    public void apply() throws Exception {
        if (file.apply().run() == ApplierRun.EXTERNAL) {
            return;
        }
        if (applierFailure().isPresent()) {
            stopApplying();
        }
        if (applier == null) {
            applier = newApplier();
        }
    }

    /** An applier of this direction in this process, whoever is meant to run it. The caller closes it. */
    EmbeddedApplier newApplier() throws Exception {
        checkOrigins();
        List<TableSlice> slices = slices();
        return EmbeddedApplier.start(
                directory -> applyConfig(directory, slices, file.apply().mode()));
    }

    @Override
    public Evidence roundTrip(Duration timeout) {
        boolean immediate = file.apply().mode() == ApplyMode.IMMEDIATE;
        Drained drained = new Drain(replicationSource, replicationTarget, domain())
                .run(immediate ? timeout.plus(STORED_WITHIN) : timeout, this::applierFailure);
        return Evidence.of(Evidences.CONSISTENT_POINT, drained.consistentPoint())
                .with(Evidences.LAG_MS, (immediate ? drained.arrived() : drained.elapsed()).toMillis())
                .with(deadLetters(drained));
    }

    private static Evidence deadLetters(Drained drained) {
        return drained.deadLetters() == 0 ? Evidence.NONE : Evidence.of(Evidences.DEAD_LETTERS, drained.deadLetters());
    }

    @Override
    public Optional<Throwable> applierFailure() {
        EmbeddedApplier current = applier;
        return current == null ? Optional.empty() : current.failure();
    }

    @Override
    public synchronized ApplyCounts counts() {
        EmbeddedApplier current = applier;
        return current == null ? countsBefore : countsBefore.plus(current.counts());
    }

    @Override
    public void stopApplying() {
        EmbeddedApplier current = applier;
        if (current != null) {
            current.close();
            synchronized (this) {
                countsBefore = counts();
                applier = null;
            }
        }
    }

    @Override
    public void forget() throws Exception {
        stopApplying();
        Set<String> domains = Forgetting.domains(replicationTarget, file.kafka(), domain());
        for (String domain : domains) {
            Forgetting.group(file.kafka(), domain);
        }
        removeWithTopics();
        try (Topics topics =
                Topics.on(file.kafka().bootstrapServers(), file.kafka().properties())) {
            topics.delete(domains.stream().map(DeadLetterTopic::name).toList());
        }
        Forgetting.ledger(replicationTarget, domain(), domains);
        if (hasOrigins()) {
            List<String> left = phase.origins().drop(replicationTarget);
            if (!left.isEmpty()) {
                LOG.warn("replication origins that a session still holds stay on the {}: {}", replicationTarget, left);
            }
        }
    }
}

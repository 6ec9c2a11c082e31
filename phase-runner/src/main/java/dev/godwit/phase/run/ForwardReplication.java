package dev.godwit.phase.run;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.CapturedPoint;
import dev.godwit.apply.change.Position;
import dev.godwit.connectors.ConnectorStatus;
import dev.godwit.connectors.DebeziumPostgres;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.ForwardConnector;
import dev.godwit.connectors.ForwardSettings;
import dev.godwit.connectors.ForwardStatus;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.connectors.SlotStatus;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.origin.ReplicationOrigins;
import dev.godwit.fetch.FetchJob;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.StepRecord;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** From the source to the target: Debezium reads the slot of the load, or MySQL's log from the load's GTID set on; an applier writes. */
final class ForwardReplication extends AppliedReplication {
    private Supplier<Optional<String>> checkpoint = Optional::empty;

    ForwardReplication(PhaseFile file, Database source, Database target) {
        super(file, new PhaseDirection(file.migration(), file.phase(), Direction.FORWARD), source, target);
    }

    @Override
    public void beginBehind(Supplier<StepRecord> load) {
        checkpoint = () -> load.get().isDone() ? load.get().evidence().text(BulkLoad.CHECKPOINT) : Optional.empty();
    }

    private boolean isMysql() {
        return replicationSource.product() == Product.MYSQL;
    }

    private ForwardConnector connector() {
        ForwardSettings settings = settings();
        return new ForwardConnector(
                isMysql() ? checkpoint.get().map(settings::withStart).orElse(settings) : settings);
    }

    private ForwardSettings settings() {
        DatabaseUrl url = file.source().connectUrl();
        Map<String, String> place = new HashMap<>(file.kafka().connectorSettings());
        if (!url.equals(replicationSource.url())) {
            place.put("database.hostname", url.host());
            place.put("database.port", Integer.toString(url.port()));
            place.put("database.user", url.user());
        }
        if (file.apply().replicationOrigin() && !isMysql()) {
            place.put(DebeziumPostgres.STREAM_PARAMETERS, ReplicationOrigins.ORIGIN_NONE);
        }
        // Topics of a removed connector stay until the phase starts over, which removes them.
        return ForwardSettings.of(
                        phase,
                        replicationSource,
                        tables(),
                        file.kafka().bootstrapServers(),
                        file.kafka().connectUrl())
                .withClientSettings(file.kafka().properties())
                .withTopics(topicSettings())
                .withConnectDatabasePassword(url.password())
                .withMore(place);
    }

    String slot() {
        return phase.slotName();
    }

    String publication() {
        return phase.publicationName();
    }

    @Override
    public List<String> plan() {
        return List.of(
                "create " + topics().size() + " topics, and connector " + domain() + " on "
                        + file.kafka().connectUrl()
                        + (isMysql() ? ", which starts at the checkpoint's GTID set" : ", which starts at the slot"),
                applierPlan());
    }

    @Override
    public void checkBeforeLoad() throws SQLException {
        connector().checkBeforeLoad();
        checkOrigins();
    }

    @Override
    public void check() throws SQLException {
        connector().check();
        checkOrigins();
    }

    @Override
    public Evidence capture(Attempt attempt) {
        connector().deploy();
        return Evidence.of("connector", domain());
    }

    @Override
    ApplyConfig.Format format() {
        return isMysql() ? ApplyConfig.Format.DEBEZIUM_MYSQL : ApplyConfig.Format.DEBEZIUM_POSTGRESQL;
    }

    /** The next positions of the log are asked for by one thread. */
    @Override
    CapturedPoint.Source captured() {
        if (file.apply().mode() != ApplyMode.IMMEDIATE) {
            return CapturedPoint.Source.NONE;
        }
        ForwardConnector connector = connector();
        return () -> connector
                .storedPlace()
                .map(stored -> new CapturedPoint(Position.parse(stored.place()), stored.sourceTime()));
    }

    @Override
    Optional<String> transactionTopic() {
        return Optional.of(phase.transactionTopic());
    }

    @Override
    String topic(dev.godwit.database.catalog.TableName table) {
        return phase.tableTopic(replicationSource, table);
    }

    @Override
    public void requireCapturing() {
        ForwardStatus status = connector().status();
        Optional<String> failure = status.connector().flatMap(ConnectorStatus::failure);
        if (failure.isPresent()) {
            throw new PhaseFailedException(
                    "connector " + domain() + " has failed: " + failure.get(),
                    "mend the cause and run the phase again; it goes on where it was");
        }
        if (status.slot().map(SlotStatus::walStatus).orElse("gone").matches("lost|gone")) {
            throw new PhaseFailedException(
                    "replication slot " + slot() + " is lost, and with it changes of the source",
                    "raise max_slot_wal_keep_size on the source, then start the phase over: godwit phase run --start-over");
        }
    }

    @Override
    public void pauseCapture() {
        connector().pause();
    }

    @Override
    public Evidence remove() {
        connector().delete(false);
        FetchJob.dropLeftovers(replicationSource, slot(), publication());
        return Evidence.of("dropped", isMysql() ? List.of(domain()) : List.of(domain(), slot(), publication()));
    }

    @Override
    void removeWithTopics() {
        connector().delete(true);
        FetchJob.dropLeftovers(replicationSource, slot(), publication());
    }

    @Override
    public String captureState() {
        try {
            ForwardStatus status = connector().status();
            return status.connector()
                            .map(running -> "connector " + running.state()
                                    + running.failure()
                                            .map(reason -> ": " + reason)
                                            .orElse(""))
                            .orElse("no connector")
                    + (isMysql() ? "" : slotState(status));
        } catch (RefusedException e) {
            return "connector unknown: " + e.getMessage();
        }
    }

    private static String slotState(ForwardStatus status) {
        return status.slot()
                .map(slot -> ", slot " + Words.count(slot.lagBytes()) + " bytes behind")
                .orElse(", no slot");
    }
}

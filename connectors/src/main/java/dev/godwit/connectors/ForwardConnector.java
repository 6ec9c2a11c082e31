package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Debezium connector of a phase: sets it up, looks at it, pauses and removes it.
 *
 * <p>Every method may be called again after a crash at any point. Connections are opened per call. Thread-safe as far as two callers do
 * not deploy and remove at the same time.
 */
public final class ForwardConnector {
    private static final Duration FOLLOWS_WITHIN = Duration.ofSeconds(30);

    private static final Duration STEADY_AFTER = Duration.ofMillis(700);

    private final ForwardSettings settings;
    private final PhaseDirection phase;
    private final ConnectClient connect;
    private final ForwardSource source;

    public ForwardConnector(ForwardSettings settings) {
        this.settings = settings;
        this.source = ForwardSource.of(settings);
        this.phase = settings.phase();
        this.connect = new ConnectClient(settings.connectUrl());
    }

    /** The configuration that {@link #deploy} gives to Connect, passwords masked. Looks at nothing. */
    public Map<String, String> printableConfiguration() {
        return DebeziumPostgres.printable(source.configuration());
    }

    /** Everything that {@link #deploy} checks, and nothing else. */
    public void check() {
        prepare();
    }

    /** What of {@link #check} can be said before the phase is loaded, when there is no slot, no publication and no ledger yet. */
    public void checkBeforeLoad() {
        source.configuration();
        checkPlugin();
        source.checkTables();
        try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
            new ForwardTopics(settings, source).check(topics);
            if (connect.configuration(phase.domain()).isEmpty() && !settings.reuseTopics()) {
                checkUnused(topics.used(topicNames()));
            }
        }
    }

    /**
     * Creates what is missing, topics and connector, and waits until changes flow. If the connector is there already with the same
     * configuration it is made to run.
     *
     * <p>A new connector starts at the confirmed position of its replication slot: offsets that Connect remembers of an earlier connector of
     * this name are dropped, since they may belong to another database.
     *
     * @throws RefusedException if something does not fit; nothing is changed then
     * @throws ConnectorFailedException if the connector does not run in time; a connector that was made by this call is removed again
     */
    public void deploy() {
        boolean exists = prepare();
        Set<String> created;
        try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
            created = new ForwardTopics(settings, source).create(topics);
        }
        if (!exists) {
            connect.createStopped(phase.domain(), source.firstConfiguration());
        }
        try {
            start(!exists);
            awaitFlow();
            source.requirePlace(connect);
            settle();
        } catch (ConnectorFailedException | RefusedException e) {
            if (!exists) {
                remove(created);
            }
            throw e;
        }
    }

    /**
     * Lets the connector that is there capture more tables, and waits until changes flow. It goes on at the place that Connect has stored:
     * nothing is sent twice but what a restart sends twice, and nothing is left out. On return, everything that is committed in the added tables from now on is
     * sent. Their rows as they are now are not: load them behind that.
     *
     * <p>May run again after a crash or a failure at any point. A connector that captures these tables already is made to run.
     *
     * @throws RefusedException if something does not fit; nothing is changed then
     * @throws ConnectorFailedException if the connector does not run in time: mend the cause and run it again
     */
    public void addTables() {
        Map<String, String> deployed = requireDeployed();
        Map<String, String> wanted = source.configuration();
        checkBegun(wanted, deployed);
        List<TableName> added = AddedTables.of(source.captured(), source::tableIncludeEntry, deployed);
        Map<String, String> withTables = new HashMap<>(deployed);
        withTables.put(AddedTables.SETTING, wanted.get(AddedTables.SETTING));
        checkSame(wanted, withTables, "add tables with the settings it was deployed with");
        checkPlugin();
        source.check(true);
        checkWithConnect(wanted);
        try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
            new ForwardTopics(settings, source).create(topics);
        }
        if (!added.isEmpty()) {
            stopWhere(source.addition(added));
            checkUntouched(deployed);
            connect.putConfiguration(phase.domain(), wanted); // it stays stopped
        }
        connect.resume(phase.domain());
        awaitFlow();
    }

    /** On return the connector is stopped; if this fails, it goes on with the tables that it has. */
    private void stopWhere(TableAddition addition) {
        long deadline = System.nanoTime() + settings.runsWithin().toNanos();
        try {
            for (int seconds = 1; ; ) {
                connect.stop(phase.domain());
                awaitState("STOPPED");
                boolean cut = isWithinTransaction();
                if (!cut && addition.prepare(requireOffset())) {
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw notInTime(cut);
                }
                connect.resume(phase.domain());
                awaitFlow();
                if (!cut) {
                    Pause.of(Duration.ofSeconds(seconds));
                    seconds *= 2;
                }
            }
        } catch (ConnectorFailedException | RefusedException e) {
            goOnIfPossible(e);
            throw e;
        }
    }

    /**
     * Whether the connector was stopped in the middle of a transaction. It is sent again from its beginning; with more tables its events have other numbers than those that were
     * sent before. The applier knows them all the same, but not up to where it has written one that is larger than a target transaction may be.
     */
    private boolean isWithinTransaction() {
        return LastTransaction.of(settings).map(LastTransaction::isOpen).orElse(false);
    }

    private ConnectorFailedException notInTime(boolean cut) {
        String seconds = settings.runsWithin().toSeconds() + " s";
        return cut
                ? new ConnectorFailedException(
                        "whenever the connector " + phase.domain() + " was stopped within " + seconds
                                + ", it was in the middle of a transaction",
                        "wait for the end of large transactions and for a quieter moment, then run the same command again")
                : new ConnectorFailedException(
                        "the connector " + phase.domain() + " has not read in " + seconds
                                + " what was committed on the source before: it is too far behind",
                        "wait until it has caught up, then run the same command again");
    }

    private void goOnIfPossible(RuntimeException cause) {
        try {
            connect.resume(phase.domain());
        } catch (RefusedException e) {
            cause.addSuppressed(e);
        }
    }

    /** The tables that somebody else has added in the meantime would be lost with our configuration. */
    private void checkUntouched(Map<String, String> deployed) {
        if (!requireDeployed().equals(deployed)) {
            ConnectorFailedException touched = new ConnectorFailedException(
                    "the connector " + phase.domain()
                            + " was given another configuration while tables were being added",
                    "look who else adds tables; then run the same command again, with theirs");
            goOnIfPossible(touched);
            throw touched;
        }
    }

    /** Before it has, the history of the tables' definitions is not there. */
    private void checkBegun(Map<String, String> wanted, Map<String, String> deployed) {
        if (!Objects.equals(wanted.get("snapshot.mode"), deployed.get("snapshot.mode"))) {
            throw new RefusedException(
                    "the connector " + phase.domain() + " has not begun yet",
                    "deploy it with the tables that it was made for, then add others");
        }
    }

    private JsonNode requireOffset() {
        return connect.offsets(phase.domain()).stream()
                .findFirst()
                .orElseThrow(() -> new ConnectorFailedException(
                        "Connect has stored no place of the connector " + phase.domain(),
                        "try again when it has sent something"));
    }

    /** @return whether the connector is there already */
    private boolean prepare() {
        Map<String, String> configuration = source.configuration();
        checkPlugin();
        Optional<Map<String, String>> deployed = connect.configuration(phase.domain());
        deployed.ifPresent(
                other -> checkSame(
                        configuration,
                        other,
                        "use the settings it was deployed with, or remove it first: godwit connectors delete. For more tables: --add-tables"));
        source.check(deployed.isPresent());
        checkWithConnect(configuration);
        try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
            new ForwardTopics(settings, source).check(topics);
            if (deployed.isEmpty() && !settings.reuseTopics()) {
                checkUnused(topics.used(topicNames()));
            }
        }
        return deployed.isPresent();
    }

    private void checkPlugin() {
        Set<String> plugins = connect.connectorPlugins();
        if (!plugins.contains(source.connectorClass().getName())) {
            String name = source.debeziumName();
            boolean debezium =
                    plugins.contains(source.connectorClass().getSuperclass().getName());
            throw new RefusedException(
                    "the Connect worker at " + settings.connectUrl().replaceFirst("//[^@/]*@", "//")
                            + " does not have Godwit's connector plug-in"
                            + (debezium ? "" : ", nor Debezium's for " + name),
                    (debezium ? "" : "install Debezium's " + name + " connector in the worker's plugin.path, ")
                            + (debezium ? "put" : "and put")
                            + " godwit-connectors.jar into the folder of Debezium's " + name
                            + " connector, then restart the worker");
        }
    }

    private void checkSame(Map<String, String> ours, Map<String, String> deployed, String remedy) {
        Set<String> different = new TreeSet<>();
        Map<String, String> all = new HashMap<>(ours);
        all.putAll(deployed);
        all.keySet().stream()
                .filter(key -> !key.equals("name")
                        && !key.equals("snapshot.mode") // it is settled when the connector has begun
                        && !(key.equals(AddedTables.SETTING) && AddedTables.areSame(ours, deployed))
                        && !Objects.equals(ours.get(key), deployed.get(key)))
                .forEach(different::add);
        if (!different.isEmpty()) {
            throw new RefusedException(
                    "the connector " + phase.domain() + " is there already with another configuration; it differs in "
                            + different,
                    remedy);
        }
    }

    /** Connect may reach the source by another way, or have its password from elsewhere. */
    private void checkWithConnect(Map<String, String> configuration) {
        List<String> errors = connect.validate(phase.domain(), configuration);
        if (!errors.isEmpty()) {
            throw new RefusedException(
                    "Kafka Connect cannot use this configuration: " + withoutPassword(String.join("; ", errors)),
                    "mend what it names; remember that it is the Connect worker that connects to the source");
        }
    }

    private void checkUnused(Set<String> used) {
        if (!used.isEmpty()) {
            throw new RefusedException(
                    "the topic " + used.iterator().next()
                            + " already holds messages, of an earlier run of this phase it seems",
                    "remove them with godwit connectors delete --topics; or, if a connector on the same replication slot wrote them,"
                            + " add --reuse-topics");
        }
    }

    /** Gives a connector that has begun the configuration that it keeps, if that is another one. */
    private void settle() {
        Map<String, String> wanted = new HashMap<>(source.configuration());
        Map<String, String> deployed =
                new HashMap<>(connect.configuration(phase.domain()).orElse(wanted));
        deployed.remove("name");
        if (!wanted.equals(deployed)) {
            connect.putConfiguration(phase.domain(), wanted);
            awaitFlow();
        }
    }

    private void start(boolean isNew) {
        boolean stopped = connect.status(phase.domain())
                .map(status -> !status.state().equals("RUNNING"))
                .orElse(true);
        if (stopped) {
            if (connect.status(phase.domain())
                    .map(status -> status.state().equals("STOPPED"))
                    .orElse(true)) {
                awaitState("STOPPED");
                source.place(connect, isNew);
            }
            connect.resume(phase.domain());
        }
    }

    /** The connector must be stopping. */
    private void forgetOffsets() {
        awaitState("STOPPED");
        if (!connect.offsets(phase.domain()).isEmpty()) {
            connect.deleteOffsets(phase.domain());
        }
    }

    private void awaitFlow() {
        boolean[] restarted = {false};
        boolean flows = Pause.until(
                () -> {
                    ForwardStatus status = status();
                    Optional<String> failure = status.connector().flatMap(ConnectorStatus::failure);
                    if (failure.isPresent() && restarted[0]) {
                        throw failed(failure.get());
                    }
                    if (failure.isPresent()) { // from an earlier time, or because the slot is let go of only now
                        connect.restart(phase.domain());
                        restarted[0] = true;
                        Pause.of(Duration.ofSeconds(1));
                    }
                    return status.isFlowing() && keepsFlowing();
                },
                settings.runsWithin());
        if (!flows) {
            throw failed("it does not read the source's log after "
                    + settings.runsWithin().toSeconds() + " s ("
                    + status().connector().map(ConnectorStatus::state).orElse("UNKNOWN") + ")");
        }
    }

    /** A task that fails on its first change holds the slot for a moment, again and again while Debezium retries. */
    private boolean keepsFlowing() {
        Pause.of(STEADY_AFTER);
        return status().isFlowing();
    }

    private ConnectorFailedException failed(String reason) {
        return new ConnectorFailedException(
                "the connector " + phase.domain() + " does not run: " + withoutPassword(reason),
                "mend the cause, then deploy again; the log of the Connect worker has the details");
    }

    private String withoutPassword(String text) {
        String password = settings.source().url().password();
        return password.isEmpty() ? text : text.replace(password, Secrets.MASK);
    }

    /** Never waits for the connector; a source that cannot be reached is refused. */
    public ForwardStatus status() {
        try {
            return new ForwardStatus(connect.status(phase.domain()), source.reading());
        } catch (SQLException e) {
            throw new RefusedException(
                    "the " + settings.source() + " cannot be asked for its replication slot: " + e.getMessage(),
                    "check the source URL",
                    e);
        }
    }

    /**
     * The place that the connector has stored: everything that was committed at or before it is in Kafka, acknowledged. Connect
     * stores it from time to time, by its {@code offset.flush.interval.ms}. Empty if it has stored none.
     */
    public Optional<StoredPlace> storedPlace() {
        return connect.offsets(phase.domain()).stream()
                .map(offset -> offset.path("offset"))
                .map(source::storedPlace)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Stops reading the source, and returns when that is so. The slot then holds back WAL on the source. */
    public void pause() {
        requireDeployed();
        connect.pause(phase.domain());
        awaitState("PAUSED");
    }

    /** Goes on where it was, and returns when changes flow. */
    public void resume() {
        requireDeployed();
        connect.resume(phase.domain());
        awaitFlow();
    }

    /**
     * Removes the connector and what Connect remembers of it; the replication slot and the publication stay. Does nothing if there is none.
     *
     * @param withTopics also removes the topics with all messages, applied or not
     */
    public void delete(boolean withTopics) {
        remove(withTopics ? Set.copyOf(topicNames()) : Set.of());
    }

    private void remove(Set<String> topicsToDelete) {
        if (connect.configuration(phase.domain()).isPresent()) {
            connect.stop(phase.domain());
            forgetOffsets();
            connect.delete(phase.domain());
        }
        // Connect forgets the status a moment after the connector.
        Pause.until(() -> connect.status(phase.domain()).isEmpty(), FOLLOWS_WITHIN);
        if (!topicsToDelete.isEmpty()) {
            try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
                topics.delete(topicsToDelete);
            }
        }
    }

    private Map<String, String> requireDeployed() {
        return connect.configuration(phase.domain())
                .orElseThrow(() -> new RefusedException(
                        "there is no connector " + phase.domain(), "deploy it first: godwit connectors deploy"));
    }

    private void awaitState(String state) {
        boolean reached = Pause.until(
                () -> connect.status(phase.domain())
                        .map(status -> status.state().equals(state)
                                && status.tasks().stream()
                                        .allMatch(task -> task.state().equals(state)))
                        .orElse(false),
                FOLLOWS_WITHIN);
        if (!reached) {
            throw new ConnectorFailedException(
                    "the connector " + phase.domain() + " is not " + state + " after " + FOLLOWS_WITHIN.toSeconds()
                            + " s",
                    "look at godwit connectors status, and into the log of the Connect worker");
        }
    }

    /** All topics of this direction. */
    public List<String> topicNames() {
        return new ForwardTopics(settings, source).names();
    }
}

package dev.godwit.connectors;

import dev.godwit.connectors.plugin.source.CockroachChangefeedSource;
import dev.godwit.connectors.plugin.source.SourceConfig;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Failback through our own source connector: the changefeed is read over SQL by Kafka Connect, for clusters that have no licence
 * for Kafka sinks or cannot reach the brokers. Messages and topics are those of {@link CockroachChangefeed}.
 */
public final class ConnectChangefeed implements Changefeed {
    private static final Duration FOLLOWS_WITHIN = Duration.ofSeconds(60);
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final List<String> TLS = List.of("sslrootcert", "sslcert", "sslkey", "sslpassword");

    private final PhaseDirection phase;
    private final ConnectClient connect;
    private final Optional<Plan> plan;

    /** What only {@link #deploy} needs. */
    private record Plan(
            Map<String, String> configuration,
            List<String> topicNames,
            TopicSettings topics,
            String bootstrapServers,
            Map<String, String> clientSettings) {}

    private ConnectChangefeed(PhaseDirection phase, String connectUrl, Optional<Plan> plan) {
        this.phase = phase;
        this.connect = new ConnectClient(connectUrl);
        this.plan = plan;
    }

    /**
     * @param target as the Connect workers reach it
     * @param password as it shall stand in the connector's configuration, for example {@code ${env:CRDB_PASSWORD}}; empty: the one
     *     of the URL
     */
    public static ConnectChangefeed of(
            DatabaseUrl target,
            Optional<String> password,
            ChangefeedStatement statement,
            TopicSettings topics,
            String bootstrapServers,
            Map<String, String> clientSettings,
            String connectUrl) {
        Plan plan = new Plan(
                configuration(target, password, statement, topics),
                statement.topicNames(),
                topics,
                bootstrapServers,
                Map.copyOf(clientSettings));
        return new ConnectChangefeed(statement.phase(), connectUrl, Optional.of(plan));
    }

    /** A connector that is there already: everything but {@link #deploy}. */
    public static ConnectChangefeed existing(PhaseDirection failback, String connectUrl) {
        return new ConnectChangefeed(failback, connectUrl, Optional.empty());
    }

    private static Map<String, String> configuration(
            DatabaseUrl target, Optional<String> password, ChangefeedStatement statement, TopicSettings topics) {
        Map<String, String> configuration = new TreeMap<>();
        configuration.put("connector.class", CockroachChangefeedSource.class.getName());
        configuration.put("tasks.max", "1");
        configuration.put("key.converter", BYTES);
        configuration.put("value.converter", BYTES);
        configuration.put(SourceConfig.HOSTS, target.hosts());
        configuration.put(SourceConfig.DATABASE, target.database());
        configuration.put(SourceConfig.USER, target.user());
        configuration.put(SourceConfig.PASSWORD, password.orElse(target.password()));
        configuration.put(SourceConfig.SSL_MODE, sslMode(target));
        TLS.forEach(key -> {
            if (target.parameters().containsKey(key)) {
                configuration.put("database." + key, target.parameters().get(key));
            }
        });
        configuration.put(
                SourceConfig.TABLES,
                statement.captured().stream()
                        .map(table -> quoted(statement.database()) + "." + quoted(table.schema()) + "."
                                + quoted(table.name()))
                        .collect(Collectors.joining(",")));
        configuration.put(SourceConfig.CURSOR, statement.cursor());
        configuration.put(
                SourceConfig.RESOLVED_MS, Long.toString(statement.resolved().toMillis()));
        configuration.put(SourceConfig.TOPIC_PREFIX, statement.phase().topicPrefix() + ".");
        configuration.put(SourceConfig.TOPIC_PARTITIONS, Integer.toString(topics.partitions()));
        configuration.put("producer.override.max.request.size", Integer.toString(topics.messageBytesMax()));
        configuration.put("producer.override.compression.type", "lz4");
        configuration.put("producer.override.acks", "all");
        return configuration;
    }

    private static String sslMode(DatabaseUrl target) {
        String mode = target.parameters().getOrDefault("sslmode", "");
        return switch (mode) {
            case "disable", "require", "verify-ca", "verify-full" -> mode;
            default ->
                throw new RefusedException(
                        "the target's URL leaves open whether its connections are encrypted, which the source connector does not",
                        "add sslmode=verify-full to the URL (or sslmode=disable for an insecure cluster)");
        };
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** What {@link #deploy} gives to Connect, passwords masked. */
    public Map<String, String> printableConfiguration() {
        return Secrets.mask(required().configuration());
    }

    private Plan required() {
        return plan.orElseThrow(
                () -> new IllegalStateException("this object can only look after an existing connector"));
    }

    /** Whether Connect has the connector of this phase. */
    public boolean exists() {
        return connect.configuration(phase.domain()).isPresent();
    }

    @Override
    public void deploy() {
        Plan planned = required();
        if (exists()) {
            resume(); // with its own cursor and offset: a new cursor would skip or repeat
            return;
        }
        if (!connect.connectorPlugins().contains(CockroachChangefeedSource.class.getName())) {
            throw new RefusedException(
                    "the Connect worker has no CockroachChangefeedSource",
                    "put godwit-connectors.jar into the folder of Debezium's PostgreSQL connector in the worker's plugin.path, then restart the worker");
        }
        List<String> errors = connect.validate(phase.domain(), planned.configuration());
        if (!errors.isEmpty()) {
            throw new RefusedException(
                    "Kafka Connect cannot use this configuration: " + Secrets.scrub(String.join("; ", errors)),
                    "mend what it names; remember that it is the Connect worker that connects to the target");
        }
        try (Topics topics = Topics.on(planned.bootstrapServers(), planned.clientSettings())) {
            topics.create(planned.topicNames(), planned.topics());
        }
        connect.createStopped(phase.domain(), planned.configuration());
        forgetOffsets();
        connect.resume(phase.domain());
        awaitRunning();
    }

    /** Offsets that Connect remembers of an earlier connector of this name may belong to another cluster. */
    private void forgetOffsets() {
        awaitState("STOPPED");
        if (!connect.offsets(phase.domain()).isEmpty()) {
            connect.deleteOffsets(phase.domain());
        }
    }

    @Override
    public ChangefeedStatus status() {
        String name = "connector " + phase.domain();
        return connect.status(phase.domain())
                .map(status -> new ChangefeedStatus(
                        state(status), name, status.failure().map(Secrets::scrub), stored()))
                .orElseGet(() -> ChangefeedStatus.absent(name));
    }

    private static ChangefeedStatus.State state(ConnectorStatus status) {
        if (status.failure().isPresent()) {
            return ChangefeedStatus.State.FAILED;
        }
        return switch (status.state()) {
            case "RUNNING" ->
                status.tasks().stream().anyMatch(task -> task.state().equals("RUNNING"))
                        ? ChangefeedStatus.State.RUNNING
                        : ChangefeedStatus.State.STARTING;
            case "PAUSED", "STOPPED" -> ChangefeedStatus.State.PAUSED;
            default -> ChangefeedStatus.State.STARTING;
        };
    }

    private Optional<String> stored() {
        return connect.offsets(phase.domain()).stream()
                .map(offset -> offset.path("offset").path("resolved").asText(""))
                .filter(resolved -> !resolved.isEmpty())
                .findFirst();
    }

    @Override
    public void pause() {
        connect.pause(phase.domain());
        awaitState("PAUSED");
    }

    @Override
    public void resume() {
        if (!exists()) {
            throw new RefusedException(
                    "there is no connector " + phase.domain(), "deploy it first: godwit connectors deploy");
        }
        if (status().state() == ChangefeedStatus.State.FAILED) {
            connect.restart(phase.domain());
        }
        connect.resume(phase.domain());
        awaitRunning();
    }

    @Override
    public void delete() {
        if (!exists()) {
            return;
        }
        connect.stop(phase.domain());
        forgetOffsets();
        connect.delete(phase.domain());
        Pause.until(() -> connect.status(phase.domain()).isEmpty(), FOLLOWS_WITHIN);
    }

    private void awaitRunning() {
        boolean runs = Pause.until(
                () -> {
                    ChangefeedStatus status = status();
                    if (status.state() == ChangefeedStatus.State.FAILED) {
                        throw new ConnectorFailedException(
                                "the connector " + phase.domain() + " does not run: "
                                        + status.reason().orElse("no reason given"),
                                "mend the cause, then deploy again; the log of the Connect worker has the details");
                    }
                    return status.state() == ChangefeedStatus.State.RUNNING;
                },
                FOLLOWS_WITHIN);
        if (!runs) {
            throw notInTime("running");
        }
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
            throw notInTime(state.toLowerCase(java.util.Locale.ROOT));
        }
    }

    private ConnectorFailedException notInTime(String state) {
        return new ConnectorFailedException(
                "the connector " + phase.domain() + " is not " + state + " after " + FOLLOWS_WITHIN.toSeconds() + " s",
                "look at godwit connectors status, and into the log of the Connect worker");
    }
}

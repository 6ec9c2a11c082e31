package dev.godwit.phase.run;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.connectors.AutomaticChangefeed;
import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.ChangefeedStatement;
import dev.godwit.connectors.ChangefeedStatus;
import dev.godwit.connectors.CockroachChangefeed;
import dev.godwit.connectors.CockroachVersion;
import dev.godwit.connectors.ConnectChangefeed;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.connectors.Topics;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.file.PhaseFile.Feed;
import dev.godwit.phase.log.Evidence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** From the target to the source: a changefeed, or what stands in for it, and an applier. */
final class FailbackReplication extends AppliedReplication {
    /** Noted before the feed is created: a later attempt must not begin later than this. */
    private static final String CURSOR = "cursor";

    private final Optional<Changefeed> external;

    FailbackReplication(PhaseFile file, Database source, Database target, FailbackFeed feed) {
        super(file, new PhaseDirection(file.migration(), file.phase(), Direction.FAILBACK), target, source);
        this.external = file.failback().changefeed() == Feed.EXTERNAL
                ? Optional.of(feed.of(target, phase, List.copyOf(topics().values())))
                : Optional.empty();
    }

    @Override
    public List<String> plan() {
        String feed =
                switch (file.failback().changefeed()) {
                    case EXTERNAL ->
                        "have the feed that you provide send the target's changes to " + topics().size() + " topics";
                    case COCKROACHDB ->
                        "create " + topics().size()
                                + " topics and a changefeed on the target, from now on (through Kafka Connect if the target has no licence for Kafka sinks)";
                    case CONNECT ->
                        "create " + topics().size() + " topics and connector " + domain() + " on "
                                + file.kafka().connectUrl() + ", which reads a changefeed over SQL from now on";
                };
        return List.of(feed, applierPlan());
    }

    @Override
    public void checkBeforeLoad() throws SQLException {
        checkOrigins();
        try (Topics topics = topicsClient()) {
            topics.check(topics().keySet(), topicSettings());
        }
    }

    @Override
    public void check() throws SQLException {
        checkBeforeLoad();
    }

    private Topics topicsClient() {
        return Topics.on(file.kafka().bootstrapServers(), file.kafka().properties());
    }

    private Changefeed newFeed(String cursor) {
        ChangefeedStatement statement = new ChangefeedStatement(
                phase,
                CockroachVersion.parse(replicationSource.version()),
                replicationSource.url().database(),
                tables(),
                file.kafka().changefeedBootstrapServers(),
                file.failback().sinkParameters(),
                cursor,
                file.failback().resolved());
        if (file.failback().changefeed() == Feed.CONNECT) {
            return connectFeed(statement);
        }
        CockroachChangefeed own = CockroachChangefeed.of(
                replicationSource,
                statement,
                topicSettings(),
                file.kafka().bootstrapServers(),
                file.kafka().properties());
        return new AutomaticChangefeed(own, existingConnectFeed(), () -> connectFeed(statement));
    }

    private ConnectChangefeed connectFeed(ChangefeedStatement statement) {
        return ConnectChangefeed.of(
                file.failback().connectUrl().orElse(replicationSource.url()),
                Optional.empty(),
                statement,
                topicSettings(),
                file.kafka().bootstrapServers(),
                file.kafka().properties(),
                file.kafka().connectUrl());
    }

    private ConnectChangefeed existingConnectFeed() {
        return ConnectChangefeed.existing(phase, file.kafka().connectUrl());
    }

    private Changefeed feed() {
        if (file.failback().changefeed() == Feed.CONNECT) {
            return existingConnectFeed();
        }
        return external.orElseGet(() -> new AutomaticChangefeed(
                CockroachChangefeed.existing(replicationSource, phase), existingConnectFeed(), this::neverDeployed));
    }

    private ConnectChangefeed neverDeployed() {
        throw new IllegalStateException("a feed that is looked after is not deployed");
    }

    /** The cursor is taken once. Everything that is committed on the target from then on comes back. */
    @Override
    public Evidence capture(Attempt attempt) throws SQLException {
        try (Topics topics = topicsClient()) {
            topics.create(topics().keySet(), topicSettings());
        }
        if (external.isPresent()) {
            external.get().deploy();
            return Evidence.of("feed", external.get().status().name());
        }
        if (attempt.evidence().text(CURSOR).isEmpty()) {
            attempt.note(CURSOR, now());
        }
        String cursor = attempt.evidence().text(CURSOR).orElseThrow();
        Changefeed changefeed = newFeed(cursor);
        changefeed.deploy();
        return Evidence.of("feed", changefeed.status().name()).with(CURSOR, cursor);
    }

    private String now() throws SQLException {
        try (Connection connection = replicationSource.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT cluster_logical_timestamp()::STRING")) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    ApplyConfig.Format format() {
        return ApplyConfig.Format.CHANGEFEED;
    }

    @Override
    Optional<String> transactionTopic() {
        return Optional.empty();
    }

    @Override
    String topic(TableName table) {
        return phase.failbackTopic(replicationSource.url().database(), table);
    }

    @Override
    public void requireCapturing() {
        ChangefeedStatus status = feed().status();
        boolean flows =
                status.state() == ChangefeedStatus.State.RUNNING || status.state() == ChangefeedStatus.State.STARTING;
        if (!flows) {
            throw new PhaseFailedException(
                    "the changefeed of " + domain() + " (" + status.name() + ") is " + status.state()
                            + status.reason().map(reason -> ": " + reason).orElse(""),
                    "mend the cause and run the phase again; it goes on where it was");
        }
    }

    @Override
    public void pauseCapture() {
        feed().pause();
    }

    @Override
    public Evidence remove() {
        feed().delete();
        return Evidence.of("removed", domain());
    }

    @Override
    void removeWithTopics() {
        remove();
        try (Topics topics = topicsClient()) {
            topics.delete(topics().keySet());
        }
    }

    @Override
    public String captureState() {
        try {
            ChangefeedStatus status = feed().status();
            return "feed " + status.state() + " (" + status.name() + ")"
                    + status.reason().map(reason -> ": " + reason).orElse("");
        } catch (RefusedException e) {
            return "feed unknown: " + e.getMessage();
        }
    }
}

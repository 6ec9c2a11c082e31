package dev.godwit.apply.live;

import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** One phase with databases, topics and producer of its own, on the shared servers. */
final class LivePhase implements AutoCloseable {
    static final Limits LIMITS = new Limits(100, 1 << 20, 1_000, 1 << 20, Duration.ofMinutes(2), Duration.ofSeconds(6));
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final String domain = "live-p" + NUMBERS.incrementAndGet() + "-forward";
    final Database source;
    final Database target;
    final Admin admin;
    final DebeziumProducer debezium;
    private final List<Applier> appliers = new ArrayList<>();
    private final Path directory;
    private int producers;

    LivePhase(Path directory) {
        this(directory, 1);
    }

    /** @param partitions of the topics of tables */
    LivePhase(Path directory, int partitions) {
        this.directory = directory;
        String name = domain.replace('-', '_');
        source = Database.connect("source", LiveServers.postgres().createDatabase("source_" + name));
        target = Database.connect("target", LiveServers.postgres().createDatabase("target_" + name));
        for (Database database : List.of(source, target)) {
            execute(database, "CREATE SCHEMA s");
            execute(database, "CREATE TABLE s.item (id int PRIMARY KEY, name text)");
            execute(database, "CREATE TABLE s.other (id int PRIMARY KEY, name text)");
        }
        admin = Admin.create(Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                LiveServers.kafka().bootstrapServers()));
        List<NewTopic> all = new ArrayList<>(List.of(topic(domain + ".transaction", 1)));
        topics().keySet().forEach(topic -> all.add(topic(topic, partitions)));
        createTopics(all);
        debezium = producer(Map.of());
    }

    DebeziumProducer producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                LiveServers.kafka().bootstrapServers());
        return new DebeziumProducer(domain, 1_000_000L * ++producers, all);
    }

    Map<String, TableName> topics() {
        return Map.of(
                domain + ".s.item",
                new TableName("s", "item"),
                domain + ".s.other",
                new TableName("s", "other"),
                domain + "._godwit.applied",
                LedgerSchema.APPLIED,
                domain + "._godwit.watermark",
                LedgerSchema.WATERMARK);
    }

    void createTopic(String topic, int partitions) {
        createTopics(List.of(topic(topic, partitions)));
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    /**
     * The broker answers before it leads the partitions. It must before anybody writes: else it refuses a producer's first message, takes the second, and the first
     * can never follow.
     */
    private void createTopics(List<NewTopic> topics) {
        get(admin.createTopics(topics).all());
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> get(admin.listOffsets(partitions).all()).size() == partitions.size());
    }

    void deleteTopic(String topic) {
        get(admin.deleteTopics(List.of(topic)).all());
        await().atMost(PATIENCE).until(() -> !get(admin.listTopics().names()).contains(topic));
    }

    /** As retention does. */
    void deleteRecords(String topic, long beforeOffset) {
        TopicPartition partition = partition(topic);
        // The records are gone long before a lone broker answers.
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(beforeOffset)));
        await().atMost(PATIENCE)
                .until(() -> get(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                        .partitionResult(partition))
                                .offset()
                        == beforeOffset);
    }

    TopicPartition partition(String topic) {
        return new TopicPartition(domain + "." + topic, 0);
    }

    ApplyConfig config(Limits limits) {
        return config(limits, LiveServers.kafka().bootstrapServers(), Map.of());
    }

    ApplyConfig config(Limits limits, String bootstrapServers, Map<String, String> kafkaProperties) {
        return new ApplyConfig(
                domain,
                Format.DEBEZIUM_POSTGRESQL,
                source,
                target,
                List.of(
                        new TableSlice(new TableName("s", "item"), Optional.empty()),
                        new TableSlice(new TableName("s", "other"), Optional.empty())),
                topics(),
                Optional.of(domain + ".transaction"),
                bootstrapServers,
                kafkaProperties,
                directory.resolve(domain + appliers.size()),
                limits);
    }

    Applier start() {
        return start(LIMITS);
    }

    Applier start(Limits limits) {
        Applier applier = Applier.start(config(limits));
        appliers.add(applier);
        return applier;
    }

    Applier start(ErrorPolicy errors) {
        Applier applier = Applier.start(config(errors));
        appliers.add(applier);
        return applier;
    }

    Applier start(ApplyConfig config) {
        Applier applier = Applier.start(config);
        appliers.add(applier);
        return applier;
    }

    /** The same tables and topics, with messages of a changefeed in them. */
    ApplyConfig changefeedConfig() {
        ApplyConfig config = config(LIMITS);
        return new ApplyConfig(
                config.domain(),
                Format.CHANGEFEED,
                config.replicationSource(),
                config.replicationTarget(),
                config.slices(),
                config.topics(),
                Optional.empty(),
                config.bootstrapServers(),
                config.kafkaProperties(),
                config.stateDirectory(),
                config.limits());
    }

    ApplyConfig config(ErrorPolicy errors) {
        ApplyConfig config = config(LIMITS);
        return new ApplyConfig(
                config.domain(),
                config.format(),
                config.replicationSource(),
                config.replicationTarget(),
                config.slices(),
                config.topics(),
                config.transactionTopic(),
                config.bootstrapServers(),
                config.kafkaProperties(),
                config.stateDirectory(),
                config.limits(),
                errors);
    }

    /** What the group has committed, by topic. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        get(admin.listConsumerGroupOffsets(domain).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    /** The restart offset of a topic in the ledger; 0 if there is none yet. */
    long restartOffset(String topic) {
        return Long.parseLong(query(
                        target,
                        "SELECT coalesce((restart_offsets::json ->> '" + domain + "." + topic
                                + ":0')::bigint, 0) FROM _godwit.domain")
                .get(0));
    }

    void awaitItems(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                        query(target, "SELECT count(*) FROM s.item"))
                .containsExactly(String.valueOf(count)));
    }

    Throwable awaitFailure(Applier applier) {
        return await().atMost(PATIENCE)
                .until(applier::failure, Optional::isPresent)
                .orElseThrow();
    }

    static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(Database database, String sql) {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static List<String> query(Database database, String sql) {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        appliers.forEach(Applier::close);
        debezium.close();
        admin.close(Duration.ofSeconds(1));
    }
}

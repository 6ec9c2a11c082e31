package dev.godwit.connectors.plugin.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.connectors.ConnectClient;
import dev.godwit.connectors.plugin.source.SqlChangefeedServer.Message;
import dev.godwit.local.ConnectWorker;
import dev.godwit.local.KafkaServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The connector in a real Connect worker; the feed comes over a real socket from {@link SqlChangefeedServer}. */
class ChangefeedSourceTest {
    private static final String VERSION = "CockroachDB CCL v22.1.0 (x86_64-pc-linux-gnu, built 2022/05/23, go1.17.6)";
    private static final Duration SOON = Duration.ofMinutes(2);

    private static KafkaServer kafka;
    private static ConnectWorker worker;

    private final SqlChangefeedServer server = new SqlChangefeedServer(VERSION);
    private final List<String> connectors = new ArrayList<>();

    @BeforeAll
    static void start() {
        kafka = KafkaServer.start();
        worker = ConnectWorker.start(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        worker.close();
        kafka.close();
    }

    @AfterEach
    void remove() {
        connectors.forEach(connect()::delete);
        server.close();
    }

    private static ConnectClient connect() {
        return new ConnectClient(worker.restUrl());
    }

    private Map<String, String> settings(String prefix, String tables) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", CockroachChangefeedSource.class.getName());
        settings.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put(SourceConfig.HOSTS, "127.0.0.1:" + server.port());
        settings.put(SourceConfig.USER, "root");
        settings.put(SourceConfig.DATABASE, "shop");
        settings.put(SourceConfig.SSL_MODE, "disable");
        settings.put(SourceConfig.TABLES, tables);
        settings.put(SourceConfig.CURSOR, "1.0000000000");
        settings.put(SourceConfig.TOPIC_PREFIX, prefix);
        settings.put(SourceConfig.RETRY_BACKOFF_MS, "20");
        return settings;
    }

    private void deploy(String name, Map<String, String> settings, int partitions, String... topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<NewTopic> made = new ArrayList<>();
            for (String topic : topics) {
                made.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()));
            }
            admin.createTopics(made).all().get();
        }
        connectors.add(name);
        connect().putConfiguration(name, settings);
    }

    /** All committed records of a topic up to the first for which the condition holds in each partition. */
    private static Map<Integer, List<ConsumerRecord<String, String>>> read(
            String topic, int partitions, Predicate<ConsumerRecord<String, String>> last) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "max.poll.records",
                5000);
        Map<Integer, List<ConsumerRecord<String, String>>> records = new TreeMap<>();
        Set<Integer> complete = new HashSet<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
                records.put(partition, new ArrayList<>());
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + SOON.toNanos();
            while (complete.size() < partitions && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (!complete.contains(record.partition())) {
                        records.get(record.partition()).add(record);
                        if (last.test(record)) {
                            complete.add(record.partition());
                        }
                    }
                }
            }
        }
        assertThat(complete)
                .as("partitions of %s with the awaited message", topic)
                .hasSize(partitions);
        return records;
    }

    private static Predicate<ConsumerRecord<String, String>> resolved(FeedPosition time) {
        return record -> record.key() == null && record.value().contains(time.toString());
    }

    private static List<Message> recorded() throws IOException {
        List<Message> messages = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                ChangefeedSourceTest.class.getResourceAsStream("/changefeed/changefeed-json-diff.ndjson"),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = new ObjectMapper().readTree(line);
                String value = json.get("value").textValue();
                String table = json.get("topic").textValue();
                messages.add(new Message(
                        table == null ? null : "shop.public." + table,
                        json.get("key").textValue(),
                        value,
                        SqlChangefeedServer.timeOf(value)));
            }
        }
        return messages;
    }

    @Test
    void sendsTheRecordedMessagesByteForByteToTheTopicsOfTheKafkaSink() throws Exception {
        List<Message> messages = recorded();
        Map<String, String> topics = new LinkedHashMap<>();
        for (String table : List.of("all_types", "composite", "nopk", "parent", "child")) {
            topics.put("shop.public." + table, "bytes.shop.public." + table);
        }
        topics.put("shop.public.Weird Name", "bytes.shop.public.Weird_u0020_Name");
        FeedPosition end = messages.get(messages.size() - 1).time();
        messages.forEach(message -> assertThat(message.time()).isNotNull());
        FeedPosition last = messages.stream()
                .map(Message::time)
                .max(FeedPosition::compareTo)
                .orElseThrow();
        FeedPosition closing = new FeedPosition(last.nanos() + 1, 0);
        server.add(messages);
        server.add(List.of(Message.resolved(closing)));

        deploy(
                "bytes",
                settings(
                        "bytes.",
                        "shop.public.all_types, shop.public.composite,shop.public.nopk,shop.public.parent,"
                                + "shop.public.child,shop.public.\"Weird Name\""),
                1,
                topics.values().toArray(String[]::new));

        assertThat(end).isNotNull();
        for (Map.Entry<String, String> topic : topics.entrySet()) {
            List<String> expected = new ArrayList<>();
            messages.stream()
                    .filter(message -> message.isResolved() || message.table().equals(topic.getKey()))
                    .forEach(message -> expected.add(message.key() + " " + message.value()));
            expected.add("null {\"resolved\":\"" + closing + "\"}");
            assertThat(read(topic.getValue(), 1, resolved(closing)).get(0))
                    .extracting(record -> record.key() + " " + record.value())
                    .containsExactlyElementsOf(expected);
        }
        assertThat(server.feeds()).hasSize(1);
        assertThat(server.feeds().get(0))
                .startsWith("EXPERIMENTAL CHANGEFEED FOR TABLE \"shop\".\"public\".\"all_types\", ")
                .contains("\"Weird Name\"", "cursor='1.0000000000'", "full_table_name", "diff", "resolved='1000ms'")
                .doesNotContain("null_as_object");
        metricsOf(
                "bytes",
                messages.stream().filter(message -> !message.isResolved()).count(),
                closing);
    }

    private static void metricsOf(String connector, long rows, FeedPosition position) throws Exception {
        ObjectName name = new ObjectName("dev.godwit:type=changefeed-source,connector=\"" + connector + "\"");
        var beans = ManagementFactory.getPlatformMBeanServer();
        assertThat(beans.getAttribute(name, "Rows")).isEqualTo(rows);
        assertThat(beans.getAttribute(name, "Resolved")).isEqualTo(position.toString());
        assertThat(beans.getAttribute(name, "Connections")).isEqualTo(1L);
        assertThat(beans.getAttribute(name, "QueuedBytes")).isEqualTo(0L);
    }

    @Test
    void resolvedMessagesReachEveryPartitionAndRowsTheOneOfTheirKey() throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            messages.add(row("shop.public.t", i, time(i)));
        }
        messages.add(Message.resolved(time(60)));
        server.add(messages);
        Map<String, String> settings = settings("spread.", "shop.public.t");
        settings.put(SourceConfig.TOPIC_PARTITIONS, "3");

        deploy("spread", settings, 3, "spread.shop.public.t");

        Map<Integer, List<ConsumerRecord<String, String>>> read = read("spread.shop.public.t", 3, resolved(time(60)));
        assertThat(read.values()).allSatisfy(records -> assertThat(records).hasSizeGreaterThan(5));
        read.forEach((partition, records) -> records.stream()
                .filter(record -> record.key() != null)
                .forEach(record -> assertThat(FeedRecords.partition(record.key().getBytes(StandardCharsets.UTF_8), 3))
                        .isEqualTo(partition)));
    }

    private static FeedPosition time(int i) {
        return new FeedPosition(1_000_000L + i, i % 7);
    }

    private static Message row(String table, int id, FeedPosition time) {
        return Message.row(
                table,
                "[" + id + "]",
                "{\"after\":{\"id\":" + id + "},\"before\":null,\"key\":[" + id + "],\"updated\":\"" + time + "\"}",
                time);
    }

    /** Rows in no order between two resolved timestamps, as a real feed sends them. */
    private static List<Message> history(Random random, int rows) {
        List<Message> history = new ArrayList<>();
        int i = 1;
        while (i <= rows) {
            int end = Math.min(rows, i + random.nextInt(40));
            List<Message> group = new ArrayList<>();
            for (; i <= end; i++) {
                group.add(row(random.nextBoolean() ? "shop.public.a" : "shop.public.b", i, time(i)));
            }
            java.util.Collections.shuffle(group, random);
            history.addAll(group);
            history.add(Message.resolved(time(end)));
        }
        return history;
    }

    private void isBrokenAndRestarted(String name, Map<String, String> more, long seed, boolean once) throws Exception {
        Random random = new Random(seed);
        List<Message> history = history(random, 3_000);
        FeedPosition end = history.get(history.size() - 1).time();
        Map<String, String> settings = settings(name + ".", "shop.public.a,shop.public.b");
        settings.put(SourceConfig.POLL_ROWS_MAX, "37");
        settings.putAll(more);
        deploy(name, settings, 1, name + ".shop.public.a", name + ".shop.public.b");
        int sent = 0;
        boolean restarted = false;
        Random drops = new Random(seed);
        server.dropAfter(() -> {
            synchronized (drops) {
                return 60 + drops.nextInt(400); // more than a group has, so that each feed gets on
            }
        });
        while (sent < history.size()) {
            int next = Math.min(history.size(), sent + 1 + random.nextInt(400));
            server.add(history.subList(sent, next));
            sent = next;
            if (!restarted && sent > history.size() / 2) {
                restarted = true;
                int feeds = server.feeds().size();
                worker.restart();
                await().atMost(SOON).until(() -> server.feeds().size() > feeds);
            }
        }
        Set<Integer> seen = new HashSet<>();
        int rows = 0;
        for (String table : List.of("shop.public.a", "shop.public.b")) {
            FeedPosition promised = new FeedPosition(0, 0);
            Set<FeedPosition> of = new HashSet<>();
            Set<FeedPosition> all = new HashSet<>();
            history.stream()
                    .filter(message -> table.equals(message.table()))
                    .forEach(message -> all.add(message.time()));
            for (ConsumerRecord<String, String> record :
                    read(name + "." + table, 1, resolved(end)).get(0)) {
                FeedPosition time = SqlChangefeedServer.timeOf(record.value());
                if (record.key() == null) {
                    all.stream().filter(row -> row.compareTo(time) <= 0).forEach(row -> assertThat(of)
                            .as("seed %s: rows of %s in front of resolved %s", seed, table, time)
                            .contains(row));
                    promised = time.compareTo(promised) > 0 ? time : promised;
                } else {
                    of.add(time);
                    rows++;
                    seen.add(Integer.parseInt(record.key().replaceAll("\\D", "")));
                }
            }
        }
        assertThat(seen).as("seed %s", seed).hasSize(3_000);
        assertThat(server.feeds().size()).as("seed %s: feeds", seed).isGreaterThan(5);
        if (once) {
            assertThat(rows).as("seed %s: rows in Kafka", seed).isEqualTo(3_000);
        }
    }

    @Test
    void losesNothingWhenConnectionsBreakAndTheWorkerRestarts() throws Exception {
        isBrokenAndRestarted("broken", Map.of(), 20_261_127L, false);
    }

    @Test
    void sendsEachMessageOnceWhereConnectOffersIt() throws Exception {
        isBrokenAndRestarted(
                "once",
                Map.of("exactly.once.support", "required", "transaction.boundary", "connector"),
                71_120_262L,
                true);
    }

    @Test
    void continuesAtTheStoredTimestampAndNotAtTheCursor() throws Exception {
        server.add(List.of(row("shop.public.t", 1, time(1)), Message.resolved(time(2))));
        deploy("stored", settings("stored.", "shop.public.t"), 1, "stored.shop.public.t");
        read("stored.shop.public.t", 1, resolved(time(2)));
        await().atMost(SOON).until(() -> connect().offsets("stored").stream()
                .anyMatch(offset ->
                        offset.path("offset").path("resolved").asText().equals(time(2).toString())));

        connect().stop("stored");
        await().atMost(SOON)
                .until(() -> connect().status("stored").orElseThrow().state().equals("STOPPED"));
        connect().resume("stored");

        await().atMost(SOON).until(() -> server.feeds().size() == 2);
        assertThat(server.feeds().get(1)).contains("cursor='" + time(2) + "'");
        assertThatThrownBy(() -> {
                    connect().stop("stored");
                    await().atMost(SOON).until(() -> connect()
                            .status("stored")
                            .orElseThrow()
                            .state()
                            .equals("STOPPED"));
                    connect()
                            .patchOffset(
                                    "stored",
                                    new ObjectMapper().readTree("{\"changefeed\":\"stored\"}"),
                                    new ObjectMapper().readTree("{\"resolved\":\"yesterday\"}"));
                })
                .hasMessageContaining("cluster_logical_timestamp");
    }

    @Test
    void historyThatIsGoneFailsTheTaskWithTheReason() throws Exception {
        server.refuse("XXUUU", "batch timestamp 1.0,0 must be after replica GC threshold 2.0,0");

        deploy("gone", settings("gone.", "shop.public.t"), 1, "gone.shop.public.t");

        await().atMost(SOON).until(() -> connect()
                .status("gone")
                .flatMap(status -> status.failure())
                .isPresent());
        assertThat(connect().status("gone").orElseThrow().failure().orElseThrow())
                .contains("gc.ttlseconds", "changes would be missing");
        assertThat(server.feeds()).as("no second attempt").hasSize(1);
    }

    @Test
    void anErrorThatMayPassIsSatOutForAsLongAsTheSettingsSay() throws Exception {
        server.refuse("57P01", "server is shutting down");
        Map<String, String> settings = settings("passes.", "shop.public.t");
        settings.put(SourceConfig.HOSTS, "127.0.0.1:1, 127.0.0.1:" + server.port());
        deploy("passes", settings, 1, "passes.shop.public.t");
        await().atMost(SOON).until(() -> server.feeds().size() >= 3);

        server.refuse(null, null);
        server.add(List.of(Message.resolved(time(1))));

        read("passes.shop.public.t", 1, resolved(time(1)));
    }

    @Test
    void whatIsReadAheadIsBounded() throws Exception {
        String large = "x".repeat(50_000);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            messages.add(Message.row(
                    "shop.public.t",
                    "[" + i + "]",
                    "{\"after\":\"" + large + "\",\"updated\":\"" + time(i) + "\"}",
                    time(i)));
        }
        Map<String, String> settings = settings("bounded.", "shop.public.t");
        settings.put(SourceConfig.QUEUE_BYTES_MAX, "200000");
        settings.put(SourceConfig.POLL_ROWS_MAX, "1");
        SourceConfig config = new SourceConfig(settings);
        server.add(messages);

        FeedReader reader = FeedReader.start(
                config, config.nodes().get(0), new FeedPosition(0, 0), "bounded"); // and nobody takes anything
        try {
            await().atMost(SOON).until(() -> reader.queuedBytes() > 100_000);
            assertThat(reader.queuedBytes()).isLessThanOrEqualTo(200_000);
            int taken = 0;
            while (taken < 2_000) {
                taken += reader.take(10, Duration.ofSeconds(5)).size();
                assertThat(reader.queuedBytes()).isLessThanOrEqualTo(200_000);
            }
        } finally {
            reader.close();
        }
    }

    @Test
    void validationNamesTheSettingAndTriesTheConnection() {
        Map<String, String> settings = settings("v.", "orders");
        settings.put(SourceConfig.CURSOR, "now()");
        settings.remove("value.converter");
        assertThat(connect().validate("v", settings))
                .anySatisfy(error -> assertThat(error).contains("changefeed.tables", "database.schema.table"))
                .anySatisfy(error -> assertThat(error).contains("changefeed.cursor", "cluster_logical_timestamp()"))
                .anySatisfy(error -> assertThat(error).contains("ByteArrayConverter"));

        Map<String, String> nobody = settings("v.", "shop.public.orders");
        nobody.put(SourceConfig.HOSTS, "127.0.0.1:1");
        assertThat(connect().validate("v", nobody))
                .anySatisfy(error -> assertThat(error).contains("127.0.0.1:1"));

        assertThat(connect().validate("v", settings("v.", "shop.public.orders")))
                .isEmpty();
        assertThat(server.statements()).contains(FeedSql.VERSION);
    }
}

package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.UnchangedValue;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestStack.class)
class ForwardConnectorTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private static boolean isOfRow(JsonNode value, int id) {
        return value.path("after").path("id").asInt() == id;
    }

    @Test
    void sendsWhatCameAfterTheSlotAndNothingBefore() throws Exception {
        TestPhase phase = new TestPhase(
                "start",
                List.of("public.item"),
                "CREATE TABLE item (id int PRIMARY KEY, name text DEFAULT 'standard')",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO item VALUES (1, 'before')");
        phase.publishAndMakeSlot();
        phase.run("INSERT INTO item VALUES (2, NULL), (3, 'after'); INSERT INTO other VALUES (1)");

        phase.connector().deploy();

        List<JsonNode> rows = phase.values(phase.topic("public.item"), value -> isOfRow(value, 3));
        assertThat(rows)
                .extracting(value -> value.path("after").path("id").asInt())
                .containsExactly(2, 3);
        assertThat(rows.get(0).path("after").path("name").isNull())
                .as("a NULL stays a NULL, whatever the default of its column")
                .isTrue();
        List<JsonNode> transactions = phase.values(
                phase.phase.transactionTopic(), value -> value.toString().contains("\"public.item\""));
        assertThat(transactions.get(transactions.size() - 1).path("event_count").asInt())
                .isEqualTo(2);

        assertThatNoException().as("deploying again changes nothing").isThrownBy(() -> phase.connector()
                .deploy());
        ForwardStatus status = phase.connector().status();
        assertThat(status.isFlowing()).isTrue();
        assertThat(status.slot().orElseThrow().confirmedFlushLsn()).matches("[0-9A-F]+/[0-9A-F]+");

        phase.connector().delete(true);
        ForwardStatus after = phase.connector().status();
        assertThat(after.connector()).isEmpty();
        assertThat(after.slot()).isPresent();
        try (Topics topics = Topics.on(TestStack.bootstrapServers(), Map.of())) {
            await().atMost(SOON).until(() -> topics.check(phase.connector().topicNames(), TopicSettings.CONSISTENT)
                    .isEmpty());
        }
    }

    @Test
    void goesOnAfterAPauseAndAdvancesTheSlotOfAQuietSource() throws Exception {
        TestPhase phase = new TestPhase("pause", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY)");
        phase.publishAndMakeSlot().connector().deploy();
        String before = phase.connector().status().slot().orElseThrow().confirmedFlushLsn();
        await().atMost(SOON).until(() -> !phase.connector()
                .status()
                .slot()
                .orElseThrow()
                .confirmedFlushLsn()
                .equals(before));
        List<JsonNode> beats = phase.values(
                phase.topic("_godwit.watermark"),
                value -> value.path("op").asText().equals("u"));
        assertThat(beats.get(0).path("after").path("domain").asText()).isEqualTo("test-pause-forward:heartbeat");

        phase.connector().pause();
        assertThat(phase.connector().status().connector().orElseThrow().state()).isEqualTo("PAUSED");
        assertThat(phase.connector().status().isFlowing()).isFalse();
        phase.run("INSERT INTO item VALUES (1)");
        phase.connector().resume();
        assertThat(phase.values(phase.topic("public.item"), value -> isOfRow(value, 1)))
                .hasSize(1);
        phase.connector().delete(false);
    }

    /** Its events would come again with other numbers, beside the old ones. */
    @Test
    void takesNoMoreTablesInTheMiddleOfATransaction() throws Exception {
        TestPhase phase = new TestPhase(
                "cut",
                List.of("public.item"),
                "CREATE TABLE item (id int PRIMARY KEY)",
                "CREATE TABLE added (id int PRIMARY KEY)");
        phase.publishAndMakeSlot();
        ForwardSettings quiet = phase.settings().withHeartbeat(Duration.ofHours(1));
        new ForwardConnector(quiet).deploy();
        phase.run("INSERT INTO item VALUES (1)", "ALTER PUBLICATION godwit_test_cut ADD TABLE added");
        phase.values(phase.topic("public.item"), value -> isOfRow(value, 1));
        phase.values(phase.phase.transactionTopic(), value -> value.toString().contains("\"public.item\""));
        send(phase.phase.transactionTopic(), "{\"status\":\"BEGIN\",\"id\":\"9:9\"}");
        ForwardSettings more = ForwardSettings.of(
                        phase.phase,
                        phase.source,
                        List.of(new TableName("public", "item"), new TableName("public", "added")),
                        TestStack.bootstrapServers(),
                        TestStack.connect().restUrl())
                .withHeartbeat(Duration.ofHours(1));

        assertThatThrownBy(() -> new ForwardConnector(more.withRunsWithin(Duration.ofSeconds(5))).addTables())
                .isInstanceOf(ConnectorFailedException.class)
                .hasMessageContaining("in the middle of a transaction");
        phase.run("INSERT INTO item VALUES (2)");
        phase.values(phase.topic("public.item"), value -> isOfRow(value, 2));
        new ForwardConnector(more).addTables();
        phase.run("INSERT INTO added VALUES (3)");
        assertThat(phase.values(phase.topic("public.added"), value -> isOfRow(value, 3)))
                .hasSize(1);
        new ForwardConnector(more).delete(false);
    }

    private static void send(String topic, String message) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, message)).get();
        }
    }

    @Test
    void sendsArraysBitStringsAndUnchangedLongValuesWithoutLoss() throws Exception {
        TestPhase phase = new TestPhase(
                "types",
                List.of("public.Odd, name$"),
                "CREATE TYPE mood AS ENUM ('ok', 'bad, really')",
                "CREATE TABLE \"Odd, name$\" (id int PRIMARY KEY, n int, moods mood[], matrix int[], numbers numeric[], bits varbit, flags boolean[],"
                        + " amount numeric, day date, noon time)",
                "ALTER TABLE \"Odd, name$\" ALTER flags SET STORAGE EXTERNAL");
        phase.run(
                "CREATE PUBLICATION godwit_test_types FOR TABLE \"Odd, name$\", _godwit.applied, _godwit.watermark",
                phase.slotSql());
        phase.run(
                "INSERT INTO \"Odd, name$\" VALUES (1, 1, '{ok,NULL,\"bad, really\"}', '{{1,2},{3,4}}', '{NaN,1.10}', B'00', array_fill(true, ARRAY[9000]),"
                        + " 'Infinity', 'infinity', '24:00')",
                "UPDATE \"Odd, name$\" SET n = 2");

        phase.connector().deploy();

        String topic = "test-types-forward.public.Odd__name_";
        List<JsonNode> rows =
                phase.values(topic, value -> value.path("op").asText().equals("u"));
        JsonNode row = rows.get(0).path("after");
        assertThat(row.path("moods").asText()).isEqualTo("{ok,NULL,\"bad, really\"}");
        assertThat(row.path("matrix").asText()).isEqualTo("{{1,2},{3,4}}");
        assertThat(row.path("numbers").asText()).isEqualTo("{NaN,1.10}");
        assertThat(row.path("bits").asText()).isEqualTo("00");
        assertThat(row.path("flags").asText()).startsWith("{t,t,");
        assertThat(row.path("amount").asText()).isEqualTo("POSITIVE_INFINITY");
        assertThat(row.path("day").asLong()).isEqualTo(-2147472692L);
        assertThat(row.path("noon").asLong()).isEqualTo(86_400_000_000L);
        assertThat(rows.get(1).path("after").path("flags").asText()).isEqualTo(UnchangedValue.PLACEHOLDER);
        phase.connector().delete(false);
    }

    @Test
    void sendsDomainsLikeTheTypesBelowThem() throws Exception {
        TestPhase phase = new TestPhase(
                "domains",
                List.of("public.item"),
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE DOMAIN words AS text[]; CREATE DOMAIN mask AS varbit;"
                        + " CREATE DOMAIN moment AS timestamp; CREATE DOMAIN amount AS numeric; CREATE DOMAIN more_words AS words;"
                        + " CREATE DOMAIN raw AS bytea",
                "CREATE TABLE item (id int PRIMARY KEY, w words, f mood, m mask, t moment, a amount, mw more_words, r raw)");
        phase.publishAndMakeSlot();
        phase.run(
                "INSERT INTO item VALUES (1, '{a,NULL}', 'ok', B'001', '1970-01-01 00:00:01', 'NaN', '{b}', '\\x00ff')");

        phase.connector().deploy();

        JsonNode row =
                phase.values(phase.topic("public.item"), value -> true).get(0).path("after");
        assertThat(row.path("w").asText()).isEqualTo("{a,NULL}");
        assertThat(row.path("f").asText()).isEqualTo("ok");
        assertThat(row.path("m").asText()).isEqualTo("001");
        assertThat(row.path("t").asLong()).isEqualTo(1_000_000);
        assertThat(row.path("a").asText()).isEqualTo("NAN");
        assertThat(row.path("mw").asText()).isEqualTo("{b}");
        assertThat(row.path("r").asText()).isEqualTo("00ff");
        phase.connector().delete(false);
    }

    @Test
    void repeatsAnInterruptedTransactionFromItsBeginningWithoutLosingARow() throws Exception {
        int rowsMax = 20_000; // of half a kilobyte: more than the buffers of a connection hold after it was cut
        TestPhase phase =
                new TestPhase("restart", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY, v text)");
        phase.publishAndMakeSlot();
        new ForwardConnector(phase.settings()
                        .withMore(Map.of(
                                "max.batch.size", "1024",
                                "max.queue.size", "2048",
                                "retriable.restart.connector.wait.ms", "300")))
                .deploy();
        String topic = phase.topic("public.item");
        // All are open beforehand, and the connector runs: on a busy machine everything might be sent before they are.
        try (var connection = phase.source.open();
                var interrupting = connection.createStatement();
                var looking = TestPhase.consumer()) {
            // COPY puts the rows of a page into one WAL record, so that they share an LSN: Debezium by itself loses the
            // rest of them.
            StringBuilder rows = new StringBuilder();
            for (int id = 1; id <= rowsMax; id++) {
                rows.append(id).append('\t').append("x".repeat(500)).append('\n');
            }
            new org.postgresql.copy.CopyManager(connection.unwrap(org.postgresql.core.BaseConnection.class))
                    .copyIn("COPY item FROM STDIN", new java.io.StringReader(rows.toString()));
            for (int interruption = 1; interruption <= 2; interruption++) {
                long reached = TestPhase.endOffset(looking, topic) + 2000;
                await().atMost(SOON)
                        .pollInSameThread()
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> TestPhase.endOffset(looking, topic) > reached);
                interrupting.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name"
                        + " = '" + phase.phase.slotName() + "' AND active");
            }
        }

        List<JsonNode> transactions = phase.values(
                phase.phase.transactionTopic(),
                value -> value.path("status").asText().equals("END")
                        && value.path("event_count").asInt() > 1);
        JsonNode end = transactions.get(transactions.size() - 1);
        assertThat(end.path("event_count").asInt()).isEqualTo(rowsMax);
        Set<Integer> ids = new HashSet<>();
        List<JsonNode> sent = phase.values(topic, value -> {
            ids.add(value.path("after").path("id").asInt());
            return ids.size() == rowsMax;
        });
        assertThat(sent).as("it was interrupted").hasSizeGreaterThan(rowsMax);
        assertThat(sent)
                .allMatch(value -> value.path("transaction").path("total_order").asInt()
                        == value.path("after").path("id").asInt());
        phase.connector().delete(false);
    }

    /**
     * PostgreSQL gives an END the place behind the commit, where the next record of the log begins: here a row of a transaction
     * that began before. Debezium by itself takes that row for what it has sent last, and goes on behind it: it would lose two rows.
     */
    @Test
    void repeatsATransactionThatWasOpenWhenAnotherOneCommitted() throws Exception {
        TestPhase phase = new TestPhase("among", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY)");
        phase.publishAndMakeSlot();
        new ForwardConnector(phase.settings().withHeartbeat(Duration.ofHours(1))).deploy();
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        String name = phase.phase.domain();
        try (var connection = phase.source.open();
                var open = connection.createStatement()) {
            connection.setAutoCommit(false);
            open.execute("INSERT INTO item VALUES (1)");
            phase.run("INSERT INTO item VALUES (100)");
            open.execute("INSERT INTO item VALUES (2)");
            open.execute("INSERT INTO item VALUES (3)");
            assertThat(phase.values(phase.topic("public.item"), value -> isOfRow(value, 100)))
                    .hasSize(1);
            phase.values(
                    phase.phase.transactionTopic(),
                    value -> value.path("status").asText().equals("END")
                            && value.path("data_collections").toString().contains("public.item"));
            connect.stop(name);
            await().atMost(SOON)
                    .until(() ->
                            !phase.connector().status().slot().orElseThrow().active());
            connection.commit();
        }
        connect.resume(name);

        List<Integer> ids = phase.values(phase.topic("public.item"), value -> isOfRow(value, 3)).stream()
                .map(value -> value.path("after").path("id").asInt())
                .toList();
        assertThat(ids).containsExactly(100, 1, 2, 3);
        assertThat(phase.values(
                        phase.phase.transactionTopic(),
                        value -> value.path("event_count").asInt() == 3))
                .isNotEmpty();
        phase.connector().delete(false);
    }

    @Test
    void saysInWordsWhyATaskFailed() throws Exception {
        TestPhase phase =
                new TestPhase("failure", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY, i interval)");
        phase.publishAndMakeSlot();
        new ForwardConnector(phase.settings().withMore(Map.of("errors.max.retries", "0"))).deploy();
        phase.run(
                "INSERT INTO item VALUES (1, '2562047788:00:54.775807')"); // more hours than the driver's interval can
        // hold

        String reason = await().atMost(SOON)
                .until(
                        () -> phase.connector()
                                .status()
                                .connector()
                                .flatMap(ConnectorStatus::failure)
                                .orElse(""),
                        text -> !text.isEmpty());

        assertThat(reason).contains("2562047788").doesNotContain("\tat ", "Exception:", "local-secret");
        phase.connector().delete(false);
    }
}

package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

@ExtendWith(TestStack.class)
class RefusalTest {
    private static final String ITEM = "CREATE TABLE item (id int PRIMARY KEY, v text)";

    private static TestPhase phase(String name, String... statements) throws Exception {
        return new TestPhase(name, List.of("public.item"), statements);
    }

    /** Refused with these words, and neither topics nor connector were made. */
    private static void assertRefused(TestPhase phase, ForwardSettings settings, String... words) {
        assertThatThrownBy(() -> new ForwardConnector(settings).deploy())
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(((RefusedException) e).remedy()).isNotBlank())
                .satisfies(e -> assertThat(e.toString()).doesNotContain("local-secret"));
        assertThat(new ConnectClient(TestStack.connect().restUrl()).configuration(phase.phase.domain()))
                .isEmpty();
        try (Topics topics = Topics.on(TestStack.bootstrapServers(), Map.of())) {
            assertThat(topics.check(List.of(phase.phase.transactionTopic()), TopicSettings.CONSISTENT))
                    .isEmpty();
        }
    }

    @Test
    void refusesASlotThatIsMissingOrNotForLogicalReplication() throws Exception {
        TestPhase phase = phase("slot", ITEM);
        phase.run(phase.publicationSql());
        assertRefused(phase, phase.settings(), "no replication slot godwit_test_slot");
        phase.run("SELECT pg_create_physical_replication_slot('godwit_test_slot')");
        assertRefused(phase, phase.settings(), "godwit_test_slot", "physical");
    }

    @Test
    void refusesASlotOfAnotherDatabase() throws Exception {
        TestPhase phase = phase("base", ITEM);
        TestPhase other = phase("elsewhere", ITEM);
        phase.run(phase.publicationSql());
        other.run(phase.slotSql());
        assertRefused(phase, phase.settings(), "belongs to database \"source_elsewhere\"");
    }

    @Test
    void refusesASlotThatSomebodyElseReads() throws Exception {
        TestPhase phase = phase("active", ITEM).publishAndMakeSlot();
        Properties replication = new Properties();
        replication.setProperty("replication", "database");
        replication.setProperty("assumeMinServerVersion", "9.4");
        replication.setProperty("preferQueryMode", "simple");
        replication.setProperty("ApplicationName", "somebody");
        try (var connection = phase.source.open(replication);
                var stream = connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(phase.phase.slotName())
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", phase.phase.publicationName())
                        .start()) {
            assertThat(stream.isClosed()).isFalse();
            assertRefused(phase, phase.settings(), "is read by process", "somebody");
        }
    }

    @Test
    void refusesAPublicationThatIsMissingOrIncomplete() throws Exception {
        TestPhase phase = phase("publication", ITEM);
        phase.run(phase.slotSql());
        assertRefused(phase, phase.settings(), "no publication godwit_test_publication");
        phase.run("CREATE PUBLICATION godwit_test_publication FOR TABLE _godwit.applied, _godwit.watermark");
        assertRefused(phase, phase.settings(), "lacks [public.item]");
        phase.run("ALTER PUBLICATION godwit_test_publication ADD TABLE item (id)");
        assertRefused(phase, phase.settings(), "leaves out column \"v\"");
        phase.run(
                "ALTER PUBLICATION godwit_test_publication SET TABLE item, _godwit.applied, _godwit.watermark",
                "ALTER PUBLICATION godwit_test_publication SET (publish = 'insert, update, delete')");
        assertRefused(phase, phase.settings(), "does not publish every kind of change");
    }

    @Test
    void refusesTablesThatCannotBeCarriedExactly() throws Exception {
        TestPhase phase = phase("tables", "CREATE TABLE item (id int)");
        phase.publishAndMakeSlot();
        assertRefused(phase, phase.settings(), "public.item has no primary key");
        phase.run("ALTER TABLE item ADD PRIMARY KEY (id), ADD at timetz");
        assertRefused(phase, phase.settings(), "\"at\"", "time zone");
        phase.run("ALTER TABLE item DROP at, ADD p point");
        assertRefused(phase, phase.settings(), "\"p\"", "point");
        phase.run("ALTER TABLE item DROP p, REPLICA IDENTITY NOTHING");
        assertRefused(phase, phase.settings(), "REPLICA IDENTITY NOTHING");
        phase.run(
                "ALTER TABLE item REPLICA IDENTITY DEFAULT, ADD b bytea",
                "ALTER DATABASE source_tables SET bytea_output = 'escape'");
        assertRefused(phase, phase.settings(), "bytea_output");
        assertRefused(
                phase,
                ForwardSettings.of(
                        phase.phase,
                        phase.source,
                        List.of(new TableName("public", "nothing")),
                        TestStack.bootstrapServers(),
                        TestStack.connect().restUrl()),
                "no table public.nothing");
        phase.run(
                "ALTER DATABASE source_tables RESET bytea_output",
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE DOMAIN feeling AS mood");
        assertRefused(phase, phase.settings(), "domain feeling over the enum mood");
        TestPhase odd = new TestPhase("odd", List.of("public.a\"b"));
        assertRefused(odd, odd.settings(), "quotation mark");
    }

    @Test
    void refusesWhatCannotBeReached() throws Exception {
        TestPhase phase = phase("reach", ITEM).publishAndMakeSlot();
        ForwardSettings good = phase.settings();
        assertRefused(
                phase,
                ForwardSettings.of(
                        good.phase(), good.source(), good.tables(), good.bootstrapServers(), "http://127.0.0.1:1"),
                "cannot reach Kafka Connect at http://127.0.0.1:1");
        assertRefused(
                phase,
                ForwardSettings.of(good.phase(), good.source(), good.tables(), "127.0.0.1:1", good.connectUrl())
                        .withClientSettings(Map.of("default.api.timeout.ms", "1000")),
                "cannot reach Kafka at 127.0.0.1:1");
        assertRefused(
                phase,
                good.withConnectDatabasePassword("wrong-one").withMore(Map.of("database.user", "nobody")),
                "Kafka Connect cannot use");
    }

    private static void create(Admin admin, NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
        // The broker answers before it lets everybody see it.
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> !admin.describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .get()
                        .isEmpty());
    }

    @Test
    void refusesTopicsThatDoNotFit() throws Exception {
        TestPhase phase = phase("topics", ITEM).publishAndMakeSlot();
        String topic = phase.topic("public.item");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.bootstrapServers()))) {
            create(admin, new NewTopic(topic, Optional.of(3), Optional.empty()));
            assertRefused(phase, phase.settings(), topic, "has 3 partitions and must have 1");
            admin.deleteTopics(List.of(topic)).all().get();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !admin.listTopics().names().get().contains(topic));
            create(
                    admin,
                    new NewTopic(topic, Optional.of(1), Optional.empty()).configs(Map.of("cleanup.policy", "compact")));
            assertRefused(phase, phase.settings(), topic, "cleanup.policy=compact");
        }
    }

    @Test
    void refusesAConnectorOfAnotherConfigurationAndTopicsThatWereUsed() throws Exception {
        TestPhase phase = phase("twice", ITEM).publishAndMakeSlot();
        phase.connector().deploy();
        phase.run("INSERT INTO item VALUES (1)");
        phase.values(phase.topic("public.item"), value -> true);
        assertThatThrownBy(() -> new ForwardConnector(phase.settings().withHeartbeat(Duration.ofSeconds(7))).deploy())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("differs in [heartbeat.interval.ms]");
        phase.connector().delete(false);
        assertThatThrownBy(() -> phase.connector().deploy())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("already holds messages");

        phase.run("INSERT INTO item VALUES (2)");
        new ForwardConnector(phase.settings().withTopicsReused()).deploy();
        assertThat(phase.values(
                        phase.topic("public.item"),
                        value -> value.path("after").path("id").asInt() == 2))
                .isNotEmpty();
        phase.connector().delete(true);
    }

    @Test
    void refusesToLeaveOutWhatHasAnOriginWhereOthersReplicateIntoTheSource() throws Exception {
        TestPhase phase = phase("origins", ITEM).publishAndMakeSlot();
        phase.run("SELECT pg_replication_origin_create('of_somebody')");
        try {
            assertRefused(
                    phase,
                    phase.settings().withMore(Map.of("slot.stream.params", "origin=none")),
                    "others have replication origins",
                    "of_somebody");
        } finally {
            phase.run("SELECT pg_replication_origin_drop('of_somebody')");
        }
        assertRefused(
                phase,
                phase.settings().withMore(Map.of("slot.stream.params", "origin=any")),
                "slot.stream.params cannot be changed");
    }

    @Test
    void refusesToPauseWhatIsNotThere() throws Exception {
        TestPhase phase = phase("absent", ITEM);
        assertThatThrownBy(() -> phase.connector().pause())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no connector test-absent-forward");
        phase.connector().delete(false);
    }
}

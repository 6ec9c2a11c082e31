package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replication from MySQL begins at the load's GTID set, or not at all, and goes on at the last transaction that is stored. */
@ExtendWith(TestStack.class)
class MysqlStartTest {
    private static final List<TableName> ITEM = List.of(new TableName("public", "item"));
    private static final String CREATE_ITEM =
            "CREATE TABLE item (id INT PRIMARY KEY, v VARCHAR(20)) PARTITION BY RANGE (id)"
                    + " (PARTITION low VALUES LESS THAN (1000), PARTITION high VALUES LESS THAN MAXVALUE)";

    private static MysqlServer server;
    private static Database source;

    @BeforeAll
    static void start() throws SQLException {
        assumeTrue(MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        server = MysqlServer.start("gtids");
        source = Database.connect("source", server.createDatabase("shop"));
        try (Connection connection = source.open()) {
            LedgerSchema.create(connection);
        }
        run(CREATE_ITEM);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void run(String... statements) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String executed() throws SQLException {
        return text("SELECT @@global.gtid_executed");
    }

    private static String text(String sql) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static ForwardSettings settings(String phase) {
        return settings(phase, ITEM);
    }

    private static ForwardSettings settings(String phase, List<TableName> tables) {
        return ForwardSettings.of(
                new PhaseDirection("mysql", phase, Direction.FORWARD),
                source,
                tables,
                TestStack.bootstrapServers(),
                TestStack.connect().restUrl());
    }

    private static void assertRefused(ForwardSettings settings, String... words) {
        assertThatThrownBy(() -> new ForwardConnector(settings).deploy())
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(((RefusedException) e).remedy()).isNotBlank());
        assertThat(new ConnectClient(TestStack.connect().restUrl())
                        .configuration(settings.phase().domain()))
                .as("no connector was made")
                .isEmpty();
    }

    @Test
    void purgedTransactionsThatTheLoadHasNotSeenAreRefused() throws SQLException {
        String loaded = executed();
        run("INSERT INTO item VALUES (1, 'unseen')", "FLUSH BINARY LOGS");
        run("PURGE BINARY LOGS TO '" + lastLog() + "'");
        assertRefused(
                settings("purged").withStart(loaded),
                "purged transactions",
                "that the load has not seen",
                text("SELECT gtid_subtract(@@global.gtid_purged, '" + loaded + "')"));
    }

    private static String lastLog() throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
            String last = null;
            while (row.next()) {
                last = row.getString(1);
            }
            return last;
        }
    }

    @Test
    void aSetThatTheServerHasNotExecutedIsRefused() throws SQLException {
        assertRefused(
                settings("other").withStart(executed() + ",3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5"),
                "has not executed all transactions",
                "another server");
        assertRefused(settings("nonsense").withStart("17/4A"), "\"17/4A\" is no GTID set");
        assertRefused(settings("none"), "no GTID set is given");
    }

    @Test
    void theFirstChangeIsTheFirstOneBehindTheSetAndATruncateIsATransactionOfItsOwn() throws Exception {
        run("REPLACE INTO item VALUES (10, 'before')");
        String loaded = executed();
        run("INSERT INTO item VALUES (11, 'first')", "INSERT INTO item VALUES (12, 'second')");
        ForwardSettings settings = settings("start")
                .withStart(loaded)
                .withHeartbeat(Duration.ofHours(1)) // no transactions between
                .withTopics(TopicSettings.CONSISTENT.withRetention(Duration.ofDays(7)));
        ForwardConnector connector = new ForwardConnector(settings);
        connector.deploy();
        try {
            String rows = settings.phase().tableTopic(source, ITEM.get(0));
            assertThat(retentionOf(rows)).isEqualTo("604800000");
            assertThat(retentionOf(DebeziumMysql.historyTopic(settings)))
                    .as("without it the connector starts no more")
                    .isEqualTo("-1");
            run("truncate /* all of it */ `item`");
            assertThat(TestPhase.valuesOf(rows, MysqlStartTest::isTruncate))
                    .extracting(value -> value.at("/after/v").asText())
                    .containsExactly("first", "second", "");

            // It is the last that was sent, so it comes again: whole, and with the place that it had.
            stopAndResume(settings.phase().domain(), "INSERT INTO item VALUES (13, 'stays')");
            List<JsonNode> sent =
                    TestPhase.valuesOf(rows, value -> value.at("/after/id").asInt() == 13);
            assertThat(sent).extracting(value -> value.path("op").asText()).containsExactly("c", "c", "t", "t", "c");
            JsonNode truncate = sent.get(2);
            String id = truncate.at("/source/gtid").asText();
            for (JsonNode value : sent.subList(2, 4)) {
                assertThat(value.path("transaction").toString())
                        .isEqualTo("{\"id\":\"" + id + "\",\"total_order\":1,\"data_collection_order\":1}");
                assertThat(placeOf(value)).isEqualTo(placeOf(truncate));
            }
            String inserted = sent.get(4).at("/transaction/id").asText();
            String end = id + " " + placeOf(truncate) + " {\"data_collection\":\"shop.item\",\"event_count\":1}";
            assertThat(TestPhase.valuesOf(settings.phase().transactionTopic(), value -> boundary(value)
                                    .startsWith("END " + inserted))
                            .stream()
                            .map(MysqlStartTest::boundary)
                            .dropWhile(boundary -> !boundary.contains(id))
                            .takeWhile(boundary -> !boundary.contains(inserted)))
                    .containsExactly("BEGIN " + id, "END " + end, "BEGIN " + id, "END " + end);
            statementsThatTakeRowsWithoutNamingThemStopItAndCanBePassedBy(settings);
        } finally {
            connector.delete(true);
        }
    }

    private static void statementsThatTakeRowsWithoutNamingThemStopItAndCanBePassedBy(ForwardSettings settings)
            throws Exception {
        run(
                "INSERT INTO item VALUES (14, 'before'), (1014, 'goes')",
                "ALTER TABLE item ADD COLUMN w INT COMMENT 'drop partition'",
                "ALTER TABLE item TRUNCATE PARTITION high",
                "INSERT INTO item VALUES (15, 'behind', NULL)");
        String failure = failure(settings);
        assertThat(failure)
                .contains("\"ALTER TABLE item TRUNCATE PARTITION high\" (shop.item, GTID ", "load the phase again");
        passBy(settings, failure);

        assertThat(TestPhase.valuesOf(
                                settings.phase().tableTopic(source, ITEM.get(0)),
                                value -> value.at("/after/id").asInt() == 15)
                        .stream()
                        .map(value -> value.at("/after/id").asInt())
                        .dropWhile(id -> id != 14))
                .containsOnly(14, 1014, 15)
                .endsWith(15);
        run("DROP TABLE item", CREATE_ITEM);
        assertThat(failure(settings)).contains("DROP TABLE ", "(shop.item, GTID ");
    }

    private static String failure(ForwardSettings settings) {
        ForwardConnector connector = new ForwardConnector(settings);
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> connector.status().connector().flatMap(ConnectorStatus::failure), Optional::isPresent)
                .orElseThrow();
    }

    /** As docs/mysql.md says. */
    private static void passBy(ForwardSettings settings, String failure) throws SQLException {
        String name = settings.phase().domain();
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        stopped(connect, name);
        JsonNode stored = connect.offsets(name).get(0);
        ObjectNode place = new ObjectMapper().createObjectNode();
        place.set("file", stored.at("/offset/file"));
        place.set("pos", stored.at("/offset/pos"));
        place.put(
                "gtids", stored.at("/offset/gtids").asText() + "," + failure.replaceFirst(".* GTID ([^,]+),.*", "$1"));
        connect.patchOffset(name, stored.path("partition"), place);
        connect.resume(name);
    }

    private static String retentionOf(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.bootstrapServers()))) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("retention.ms")
                    .value();
        }
    }

    private static void stopAndResume(String name, String meanwhile) throws SQLException {
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        stopped(connect, name);
        run(meanwhile);
        connect.resume(name);
    }

    private static void stopped(ConnectClient connect, String name) {
        connect.stop(name);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> connect.status(name).orElseThrow().state().equals("STOPPED"));
    }

    private static boolean isTruncate(JsonNode value) {
        return value.path("op").asText().equals("t");
    }

    private static String placeOf(JsonNode value) {
        return value.at("/source/file").asText() + ":" + value.at("/source/pos").asText();
    }

    private static String boundary(JsonNode value) {
        String counts = value.at("/data_collections/0").toString();
        return (value.path("status").asText() + " " + value.path("id").asText() + " " + counts).trim();
    }

    /** It was stopped by a command that died: behind its place stand rows of tables that were changed later, and of one that was made later. */
    @Test
    void tablesAreAddedWhereTheConnectorStands() throws Exception {
        List<TableName> before = List.of(new TableName("public", "part"));
        List<TableName> all = List.of(
                new TableName("public", "part"), new TableName("public", "fresh"), new TableName("public", "late"));
        run(
                "CREATE TABLE part (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20))",
                "CREATE TABLE fresh (id INT PRIMARY KEY, c ENUM('x', 'y'))");
        String loaded = executed();
        run("INSERT INTO part VALUES (1, 'a1', 'b1')", "INSERT INTO fresh VALUES (1, 'x')");
        ForwardConnector connector =
                new ForwardConnector(settings("adding", before).withStart(loaded));
        connector.deploy();
        try {
            ofTopic("adding", before.get(0), 1);
            beginToAddAndDie("adding", all.get(1), "CREATE TABLE fresh (id INT PRIMARY KEY, c ENUM('x'), gone INT)");
            run(
                    "INSERT INTO part VALUES (2, 'a2', 'b2')",
                    "INSERT INTO fresh VALUES (2, 'y')",
                    "ALTER TABLE part DROP COLUMN a, ADD COLUMN d VARCHAR(20)",
                    "CREATE TABLE late (id INT PRIMARY KEY, e INT)",
                    "INSERT INTO late VALUES (1, 7)",
                    "ALTER TABLE late ADD COLUMN f INT FIRST",
                    "INSERT INTO late VALUES (8, 2, 9)",
                    "INSERT INTO part VALUES (3, 'b3', 'd3')");

            new ForwardConnector(settings("adding", all)).addTables();
            run(
                    "INSERT INTO fresh VALUES (3, 'x')",
                    "INSERT INTO late VALUES (10, 3, 11)",
                    "INSERT INTO part VALUES (4, 'b4', 'd4')");

            assertThat(ofTopic("adding", all.get(0), 4))
                    .containsExactly(
                            "{\"id\":1,\"a\":\"a1\",\"b\":\"b1\"}",
                            "{\"id\":2,\"a\":\"a2\",\"b\":\"b2\"}",
                            "{\"id\":3,\"b\":\"b3\",\"d\":\"d3\"}",
                            "{\"id\":4,\"b\":\"b4\",\"d\":\"d4\"}");
            assertThat(ofTopic("adding", all.get(1), 3))
                    .as("what was there before comes with the load")
                    .containsExactly("{\"id\":3,\"c\":\"x\"}");
            assertThat(ofTopic("adding", all.get(2), 3)).containsExactly("{\"f\":10,\"id\":3,\"e\":11}");

            run("ALTER TABLE fresh ADD COLUMN g INT", "INSERT INTO fresh VALUES (4, 'y', 5)");
            restart("mysql-adding-forward");
            run("INSERT INTO fresh VALUES (5, 'x', 6)");
            new ForwardConnector(settings("adding", all)).addTables(); // nothing is to be added any more
            assertThat(ofTopic("adding", all.get(1), 5))
                    .as("the history goes on behind the definitions that were added")
                    .containsExactly(
                            "{\"id\":3,\"c\":\"x\"}",
                            "{\"id\":4,\"c\":\"y\",\"g\":5}",
                            "{\"id\":5,\"c\":\"x\",\"g\":6}");
            assertThatThrownBy(() -> new ForwardConnector(settings("adding", before)).addTables())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("captures tables that are not given: shop\\.fresh, shop\\.late");
            connectorsBehindAnotherBeginWhereNothingIsLost(loaded, connector, all);
        } finally {
            connector.delete(true);
        }
    }

    @Test
    void aTableThatIsChangedWhileItIsAddedIsNotAdded() throws Exception {
        run("CREATE TABLE changing (id INT PRIMARY KEY AUTO_INCREMENT, a INT) TABLESPACE = innodb_system");
        ForwardSettings settings = settings("changing", List.of(new TableName("public", "changing")));
        TableAddition addition = new MysqlTableAddition(settings, settings.tables());
        assertThat(addition.prepare(place("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5")))
                .as("the connector has not read yet what made the table")
                .isFalse();
        run("INSERT INTO changing (a) VALUES (1)");
        try (Topics topics = Topics.on(TestStack.bootstrapServers(), Map.of())) {
            String history = DebeziumMysql.historyTopic(settings);
            topics.create(List.of(history), TopicSettings.CONSISTENT);
            assertThat(addition.prepare(place(executed()))).isTrue();
            assertThat(topics.used(List.of(history))).containsExactly(history);
            topics.delete(List.of(history));
        }
        run("ALTER TABLE changing ADD COLUMN b INT");
        assertThatThrownBy(() -> addition.prepare(place(executed())))
                .isInstanceOf(ConnectorFailedException.class)
                .hasMessageContaining("one of the tables [public.changing] was changed while it was being added");
    }

    private static JsonNode place(String gtids) {
        ObjectNode place = new ObjectMapper().createObjectNode();
        place.putObject("partition").put("server", "s");
        place.putObject("offset").put("gtids", gtids);
        return place;
    }

    /** The next task reads the whole history. */
    private static void restart(String connector) {
        stop(connector).resume(connector);
    }

    private static ConnectClient stop(String connector) {
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        connect.stop(connector);
        await().atMost(Duration.ofMinutes(1)).until(() -> connect.status(connector)
                .filter(status ->
                        status.state().equals("STOPPED") && status.tasks().isEmpty())
                .isPresent());
        return connect;
    }

    /** A command that was killed when the history had the definition, which is another one now, and the connector did not capture the table yet. */
    private static void beginToAddAndDie(String phase, TableName table, String definition) {
        ForwardSettings settings = settings(phase);
        String connector = settings.phase().domain();
        new MysqlHistory(settings)
                .add(
                        Map.of(table, definition),
                        stop(connector).offsets(connector).get(0));
    }

    private static void connectorsBehindAnotherBeginWhereNothingIsLost(
            String loaded, ForwardConnector connector, List<TableName> tables) throws Exception {
        connector.delete(false);
        run("INSERT INTO part VALUES (5, 'b5', 'd5')");
        ForwardSettings reusing = settings("adding", tables).withTopicsReused();
        assertRefused(reusing, "no GTID set is given");
        assertRefused(
                reusing.withStart(executed()), "is the last transaction that a connector has sent", "would be lost");
        assertThatThrownBy(() -> new ForwardConnector(reusing).addTables())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("there is no connector mysql-adding-forward");
        assertThat(loaded).isNotEmpty();
    }

    /** The new rows, in order, up to the one with this id. */
    private static List<String> ofTopic(String phase, TableName table, int lastId) throws Exception {
        return TestPhase.valuesOf(
                        settings(phase).phase().tableTopic(source, table),
                        value -> value.at("/after/id").asInt() == lastId)
                .stream()
                .map(value -> value.path("after").toString())
                .toList();
    }
}

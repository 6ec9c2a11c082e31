package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replication from MySQL begins at the load's GTID set, or not at all. */
@ExtendWith(TestStack.class)
class MysqlStartTest {
    private static final List<TableName> ITEM = List.of(new TableName("public", "item"));

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
        run("CREATE TABLE item (id INT PRIMARY KEY, v VARCHAR(20))");
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
        return ForwardSettings.of(
                new PhaseDirection("mysql", phase, Direction.FORWARD),
                source,
                ITEM,
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
    void theFirstChangeInKafkaIsTheFirstOneBehindTheSet() throws Exception {
        run("REPLACE INTO item VALUES (10, 'before')");
        String loaded = executed();
        run("INSERT INTO item VALUES (11, 'first')", "INSERT INTO item VALUES (12, 'second')");
        ForwardConnector connector = new ForwardConnector(settings("start").withStart(loaded));
        connector.deploy();
        try {
            assertThat(TestPhase.valuesOf(
                            settings("start").phase().tableTopic(source, ITEM.get(0)),
                            value -> value.at("/after/id").asInt() == 12))
                    .extracting(value -> value.at("/after/v").asText())
                    .containsExactly("first", "second");
        } finally {
            connector.delete(true);
        }
    }
}

package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.type.TypeKind;
import dev.godwit.local.CockroachServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What Godwit relies on of a real CockroachDB, with certificates. Where there is none, it is skipped. */
@ExtendWith({CockroachOnServerTest.Found.class, TestStack.class})
class CockroachOnServerTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static CockroachServer server;

    /** Is asked before any server is started. */
    static final class Found implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return CockroachServer.whyNot()
                    .map(reason -> ConditionEvaluationResult.disabled(
                            "nothing was tried on a real CockroachDB: " + reason.getMessage()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("there is a CockroachDB"));
        }
    }

    @BeforeAll
    static void start() {
        server = CockroachServer.startSecure("contract");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Database database(String name, String... statements) throws Exception {
        Database database = Database.connect("target", server.createDatabase(name));
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
        execute(database, statements);
        return database;
    }

    private static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> query(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    private static Table table(Database database, String name) throws SQLException {
        return database.catalog().table(new TableName("public", name)).orElseThrow();
    }

    @Test
    void theCatalogSaysWhatTheTablesAre() throws Exception {
        Database database = database(
                "catalog",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TABLE plain (id INT8 PRIMARY KEY, m mood, s STRING, d DECIMAL(10,2), b BYTES, j JSONB, tags STRING[],"
                        + " twice INT8 AS (id * 2) STORED, c STRING COLLATE en, UNIQUE (s))",
                "CREATE TABLE sharded (id INT8 NOT NULL, v STRING, PRIMARY KEY (id) USING HASH)",
                "CREATE TABLE keyless (a INT8)");

        Table plain = table(database, "plain");
        assertThat(plain.primaryKey()).containsExactly("id");
        assertThat(plain.requireColumn("m").type().kind()).isEqualTo(TypeKind.ENUM);
        assertThat(plain.requireColumn("tags").type().kind()).isEqualTo(TypeKind.ARRAY);
        assertThat(plain.requireColumn("twice").isWritable()).isFalse();
        assertThat(plain.requireColumn("c").type().castName()).isEqualTo("string COLLATE \"en\"");
        assertThat(plain.uniqueKeys())
                .anySatisfy(key -> assertThat(key.columns()).containsExactly("s"));
        Table sharded = table(database, "sharded");
        assertThat(sharded.primaryKey()).containsExactly("id");
        assertThat(sharded.writableColumns()).extracting(Column::name).containsExactly("id", "v");
        assertThat(table(database, "keyless").primaryKey()).containsExactly("rowid");
    }

    @Test
    void theLedgerIsMadeAndMadeAgain() throws Exception {
        Database database = database("ledger");
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
        assertThat(query(database, "SELECT create_statement FROM [SHOW CREATE TABLE _godwit.domain]"))
                .singleElement()
                .asString()
                .contains("FAMILY ownership (domain, epoch)", "FAMILY progress");
        assertThat(query(database, "SHOW default_transaction_isolation")).containsExactly("serializable");
    }

    @Test
    void rowsAreWrittenAndDeletedByArrays() throws Exception {
        Database database = database(
                "writes",
                "CREATE TABLE t (id INT8 PRIMARY KEY, s STRING, d DECIMAL, b BYTES, tags STRING[], j JSONB)",
                "CREATE TABLE sharded (id INT8 NOT NULL, v STRING, PRIMARY KEY (id) USING HASH)");
        Table table = table(database, "t");
        Table sharded = table(database, "sharded");
        try (HikariDataSource pool = database.writerPool("test", 2);
                Connection connection = pool.getConnection()) {
            List<String[]> rows = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                rows.add(new String[] {"" + i, "ünï '" + i, "1E-30", "\\x00ff", "{a,\"b\\\"c\",NULL}", "{\"a\": 1.0}"});
            }
            assertThat(database.dialect().upsert(table, table.writableColumns()).execute(connection, rows))
                    .isEqualTo(5_000);
            assertThat(database.dialect()
                            .upsert(table, table.writableColumns())
                            .execute(connection, rows.subList(0, 10)))
                    .isEqualTo(10);
            for (int round = 0; round < 2; round++) {
                database.dialect()
                        .upsert(sharded, sharded.writableColumns())
                        .execute(connection, List.of(new String[] {"1", "v" + round}, new String[] {"2", null}));
            }
            assertThat(database.dialect()
                            .delete(table, Optional.empty())
                            .execute(connection, List.of(new String[] {"1"}, new String[] {"9999"})))
                    .isEqualTo(1);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
        assertThat(query(database, "SELECT count(*)::STRING FROM t")).containsExactly("4999");
        assertThat(query(database, "SELECT s || d::STRING || encode(b, 'hex') || tags::STRING FROM t WHERE id = 7"))
                .containsExactly("ünï '71E-3000ff{a,\"b\\\"c\",NULL}");
        assertThat(query(database, "SELECT v FROM sharded ORDER BY id")).containsExactly("v1", null);
    }

    @Test
    void ourConnectorReadsAChangefeedOverSql() throws Exception {
        Database database = database("source_feed", "CREATE TABLE t (id INT8 PRIMARY KEY, s STRING)");
        PhaseDirection phase = new PhaseDirection("crdb", "connect", Direction.FAILBACK);
        ChangefeedStatement statement = statement(database, phase);
        execute(database, "INSERT INTO t VALUES (1, 'one')");
        ConnectChangefeed feed = ConnectChangefeed.of(
                database.url(),
                Optional.empty(),
                statement,
                TopicSettings.CONSISTENT,
                TestStack.bootstrapServers(),
                Map.of(),
                TestStack.connect().restUrl());

        feed.deploy();
        try {
            isProvenToFlow(database, phase, statement);
            execute(database, "UPDATE t SET s = 'changed' WHERE id = 1", "DELETE FROM t WHERE id = 1");
            List<ConsumerRecord<String, String>> messages =
                    read(phase.failbackTopic(statement.database(), new TableName("public", "t")), "\"after\": null");
            assertThat(messages).anySatisfy(message -> {
                assertThat(message.key()).isEqualTo("[1]");
                assertThat(message.value()).contains("\"one\"", "\"updated\"", "\"before\": null");
            });
            assertThat(messages).anySatisfy(message -> assertThat(message.key()).isNull());
        } finally {
            feed.delete();
        }
        assertThat(feed.status().state()).isEqualTo(ChangefeedStatus.State.ABSENT);
    }

    @Test
    void theClustersOwnFeedIsUsedWhereItHasALicence() throws Exception {
        Database database = database("own_feed", "CREATE TABLE t (id INT8 PRIMARY KEY, s STRING)");
        PhaseDirection phase = new PhaseDirection("crdb", "own", Direction.FAILBACK);
        ChangefeedStatement statement = statement(database, phase);
        AutomaticChangefeed feed = new AutomaticChangefeed(
                CockroachChangefeed.of(
                        database, statement, TopicSettings.CONSISTENT, TestStack.bootstrapServers(), Map.of()),
                ConnectChangefeed.existing(phase, TestStack.connect().restUrl()),
                () -> ConnectChangefeed.of(
                        database.url(),
                        Optional.empty(),
                        statement,
                        TopicSettings.CONSISTENT,
                        TestStack.bootstrapServers(),
                        Map.of(),
                        TestStack.connect().restUrl()));
        feed.deploy();
        try {
            isProvenToFlow(database, phase, statement);
            feed.pause();
            assertThat(feed.status().state()).isEqualTo(ChangefeedStatus.State.PAUSED);
            feed.resume();
            isProvenToFlow(database, phase, statement);
        } finally {
            feed.delete();
        }
        await().atMost(SOON).until(() -> feed.status().state() == ChangefeedStatus.State.ABSENT);
    }

    private static ChangefeedStatement statement(Database database, PhaseDirection phase) throws SQLException {
        return new ChangefeedStatement(
                phase,
                CockroachVersion.parse(database.version()),
                database.url().database(),
                List.of(new TableName("public", "t")),
                TestStack.bootstrapServers(),
                Map.of(),
                query(database, "SELECT cluster_logical_timestamp()::STRING").get(0),
                Duration.ofSeconds(1));
    }

    private static void isProvenToFlow(Database database, PhaseDirection phase, ChangefeedStatement statement) {
        String topic = phase.failbackTopic(statement.database(), LedgerSchema.WATERMARK);
        assertThat(new ArrivalProof(database, phase, topic, TestStack.bootstrapServers(), Map.of()).run(SOON))
                .isLessThan(SOON);
    }

    private static List<ConsumerRecord<String, String>> read(String topic, String last) {
        List<ConsumerRecord<String, String>> messages = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestStack.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(messages::add);
                return messages.stream().anyMatch(message -> message.value().contains(last));
            });
        }
        return messages;
    }
}

package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A source database of its own with the tables of one phase, and a look into the phase's topics. */
final class TestPhase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ARRIVES_WITHIN = Duration.ofMinutes(3);

    final PhaseDirection phase;
    final Database source;
    private final List<TableName> tables;

    TestPhase(String name, List<String> tables, String... statements) throws SQLException {
        this.phase = new PhaseDirection("test", name, Direction.FORWARD);
        this.source = TestStack.database("source_" + name.replace('-', '_'));
        this.tables = tables.stream().map(TableName::parse).toList();
        try (Connection connection = source.open()) {
            LedgerSchema.create(connection);
        }
        run(statements);
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What the load does: publication first, then the slot. */
    TestPhase publishAndMakeSlot() throws SQLException {
        run(publicationSql(), slotSql());
        return this;
    }

    String publicationSql() {
        String list = CapturedTables.of(tables).stream()
                .map(table -> '"' + table.schema() + "\".\"" + table.name() + '"')
                .reduce((left, right) -> left + ", " + right)
                .orElseThrow();
        return "CREATE PUBLICATION " + phase.publicationName() + " FOR TABLE " + list;
    }

    String slotSql() {
        return "SELECT pg_create_logical_replication_slot('" + phase.slotName() + "', 'pgoutput')";
    }

    ForwardSettings settings() {
        return ForwardSettings.of(
                        phase,
                        source,
                        tables,
                        TestStack.bootstrapServers(),
                        TestStack.connect().restUrl())
                .withHeartbeat(Duration.ofSeconds(1));
    }

    ForwardConnector connector() {
        return new ForwardConnector(settings());
    }

    String topic(String table) {
        return phase.tableTopic(TableName.parse(table));
    }

    List<JsonNode> values(String topic, Predicate<JsonNode> last) {
        return valuesOf(topic, last);
    }

    /** The values of a topic from its beginning, up to the first for which the condition holds. */
    static List<JsonNode> valuesOf(String topic, Predicate<JsonNode> last) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                TestStack.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "max.poll.records",
                5000);
        List<JsonNode> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + ARRIVES_WITHIN.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    JsonNode value = JSON.readTree(record.value());
                    values.add(value);
                    if (last.test(value)) {
                        return values;
                    }
                }
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("no JSON in " + topic, e);
        }
        assertThat(values.size() > 20 ? values.subList(values.size() - 20, values.size()) : values)
                .as("the awaited message in topic " + topic + " within " + ARRIVES_WITHIN)
                .anyMatch(last);
        return values;
    }

    /** To look at the ends of topics; the caller closes it. */
    static KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestStack.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer());
    }

    static long endOffset(KafkaConsumer<String, String> consumer, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return consumer.endOffsets(List.of(partition)).get(partition);
    }
}

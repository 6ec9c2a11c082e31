package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The history of the tables' definitions, which Debezium keeps in a topic and reads at each start up to its place in the log.
 *
 * <p>It holds the tables that are captured. For one that is captured from now on, its definition is put behind it, at the place where
 * the connector stands. Debezium's own means, {@code snapshot.mode=recovery}, would make the definitions of all tables anew, as they are now: a
 * table that was changed behind the connector's place would be read by a definition that its rows do not have yet.
 */
final class MysqlHistory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITION = 0; // the only one that Debezium reads
    private static final int ANSWERS_WITHIN_MS = 10_000;

    private final ForwardSettings settings;

    MysqlHistory(ForwardSettings settings) {
        this.settings = settings;
    }

    /**
     * The connector must be stopped. On return the definitions are acknowledged by the broker. May run twice: the last one of a table counts.
     *
     * @param definitions {@code CREATE TABLE} statements
     * @param place as Connect has stored it, with partition and offset
     * @throws ConnectorFailedException if the broker did not take them; some may be in
     */
    void add(Map<TableName, String> definitions, JsonNode place) {
        List<String> records = new ArrayList<>();
        definitions.forEach((table, definition) -> {
            String database = settings.phase().database(settings.source(), table);
            // Of a table that it knows Debezium takes over no other definition.
            records.add(record(
                    database,
                    "DROP TABLE IF EXISTS " + settings.source().dialect().quote(table),
                    place));
            records.add(record(database, definition, place));
        });
        send(records);
    }

    /** As {@code io.debezium.relational.history.HistoryRecord} of 3.6 writes it; the statement is parsed when it is read. */
    private static String record(String database, String statement, JsonNode place) {
        ObjectNode record = JSON.createObjectNode();
        record.set("source", place.path("partition"));
        record.set("position", place.path("offset"));
        record.put("ts_ms", System.currentTimeMillis());
        record.put("databaseName", database);
        record.put("ddl", statement);
        return record.toString();
    }

    private void send(List<String> records) {
        Map<String, Object> producer = new HashMap<>(settings.clientSettings());
        producer.put("bootstrap.servers", settings.bootstrapServers());
        producer.put("acks", "all");
        producer.put("max.block.ms", ANSWERS_WITHIN_MS);
        producer.put("request.timeout.ms", ANSWERS_WITHIN_MS / 2);
        producer.put("delivery.timeout.ms", ANSWERS_WITHIN_MS);
        String topic = DebeziumMysql.historyTopic(settings);
        try (KafkaProducer<String, String> sending =
                new KafkaProducer<>(producer, new StringSerializer(), new StringSerializer())) {
            for (String record : records) {
                sending.send(new ProducerRecord<>(topic, PARTITION, null, record))
                        .get();
            }
        } catch (ExecutionException | KafkaException e) {
            String reason = e instanceof ExecutionException ? e.getCause().getMessage() : e.getMessage();
            throw new ConnectorFailedException(
                    "the definitions of the added tables cannot be written to topic " + topic + ": " + reason,
                    "mend the cause, then run the same command again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while definitions of tables were written to " + topic, e);
        }
    }
}

package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.bench.message.WorkloadTopics;
import dev.godwit.bench.workload.BenchTable;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Godwit's applier, measured. */
final class GodwitChild implements Parent.Work {
    private JsonNode settings;

    private GodwitChild() {}

    public static void main(String[] arguments) {
        Parent.serve(new GodwitChild());
    }

    /** @param domain no two runs may share one: a consumer group with its offsets belongs to it */
    static ObjectNode settings(
            String domain,
            ApplyMode mode,
            WorkloadTopics topics,
            List<BenchTable> tables,
            String bootstrapServers,
            String sourceUrl,
            String targetUrl,
            Path stateDirectory) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.put("domain", domain);
        settings.put("mode", mode.name());
        settings.put("bootstrapServers", bootstrapServers);
        settings.put("source", sourceUrl);
        settings.put("target", targetUrl);
        settings.put("transactionTopic", topics.transactionTopic());
        settings.put("stateDirectory", stateDirectory.toString());
        ObjectNode byTopic = settings.putObject("topics");
        (mode == ApplyMode.IMMEDIATE ? topics.partitioned(tables) : topics.tables(tables))
                .forEach((topic, table) ->
                        byTopic.putArray(topic).add(table.schema()).add(table.name()));
        return settings;
    }

    @Override
    public String prepare(JsonNode given) {
        settings = given;
        return "";
    }

    @Override
    public void run() throws InterruptedException {
        Map<String, TableName> topics = new LinkedHashMap<>();
        settings.get("topics")
                .properties()
                .forEach(entry -> topics.put(
                        entry.getKey(),
                        new TableName(
                                entry.getValue().get(0).asText(),
                                entry.getValue().get(1).asText())));
        Applier applier = Applier.start(new ApplyConfig(
                        settings.get("domain").asText(),
                        ApplyConfig.Format.DEBEZIUM_POSTGRESQL,
                        database("source"),
                        database("target"),
                        topics.values().stream()
                                .filter(table -> table.schema().equals(BenchTable.SCHEMA))
                                .map(table -> new TableSlice(table, Optional.empty()))
                                .toList(),
                        topics,
                        Optional.of(settings.get("transactionTopic").asText()),
                        settings.get("bootstrapServers").asText(),
                        Map.of(),
                        Path.of(settings.get("stateDirectory").asText()),
                        ApplyConfig.Limits.defaults())
                .in(ApplyMode.valueOf(settings.get("mode").asText())));
        Thread watch = new Thread(() -> failWith(applier), "bench-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private Database database(String role) {
        return Database.connect(role, DatabaseUrl.parse(role, settings.get(role).asText()));
    }

    private static void failWith(Applier applier) {
        try {
            applier.awaitStopped(Duration.ofDays(1));
            Parent.fail(applier.failure().orElseGet(() -> new IllegalStateException("the applier has stopped")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

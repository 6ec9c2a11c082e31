package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.local.ConnectWorker;
import java.util.Map;

/** A Kafka Connect worker, measured. It has started before the clock does; its connectors are made by the parent. */
final class ConnectChild implements Parent.Work {
    private ConnectChild() {}

    public static void main(String[] arguments) {
        Parent.serve(new ConnectChild());
    }

    static ObjectNode settings(String bootstrapServers) {
        return JsonNodeFactory.instance.objectNode().put("bootstrapServers", bootstrapServers);
    }

    /** @return the URL of its REST API */
    @Override
    public String prepare(JsonNode settings) {
        return ConnectWorker.start(
                        settings.get("bootstrapServers").asText(),
                        Map.of(
                                "exactly.once.source.support",
                                "disabled",
                                "connector.client.config.override.policy",
                                "All"))
                .restUrl();
    }

    @Override
    public void run() {}
}

package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.database.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The REST API of Kafka Connect. Thread-safe; holds nothing that must be closed.
 *
 * <p>Every call throws {@link RefusedException} if Connect does not answer or says no, with Connect's own reason in words. While the workers
 * share out connectors anew (status 409) a call is tried again, for at most half a minute.
 */
public final class ConnectClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConnectRest rest;

    /** @param url of any worker, for example {@code http://localhost:8083}; may hold {@code user:password@} for basic authentication */
    public ConnectClient(String url) {
        this.rest = new ConnectRest(url);
    }

    /** The classes of the connectors that this worker has. */
    public Set<String> connectorPlugins() {
        Set<String> classes = new TreeSet<>();
        rest.call("GET", "/connector-plugins", null)
                .body()
                .forEach(plugin -> classes.add(plugin.path("class").asText()));
        return classes;
    }

    /** The configuration as it was given, references to secrets not resolved. Empty if there is no such connector. */
    public Optional<Map<String, String>> configuration(String connector) {
        return rest.find("GET", path(connector, "/config")).map(ConnectClient::asMap);
    }

    /**
     * Has Connect try a configuration out, against the real database too; changes nothing.
     *
     * @return what is wrong, in words; empty if nothing is
     */
    public List<String> validate(String connector, Map<String, String> configuration) {
        ObjectNode body = JSON.valueToTree(configuration);
        body.put("name", connector);
        String className = configuration.get("connector.class");
        JsonNode result = rest.call("PUT", "/connector-plugins/" + className + "/config/validate", body)
                .body();
        Set<String> errors = new LinkedHashSet<>();
        result.path("configs").forEach(setting -> setting.path("value")
                .path("errors")
                .forEach(error -> errors.add(Secrets.scrub(error.asText()))));
        return List.copyOf(errors);
    }

    /**
     * Creates a connector that does not run yet.
     *
     * @throws RefusedException if there is one of that name already, or if Connect does not accept the configuration
     */
    public void createStopped(String connector, Map<String, String> configuration) {
        ObjectNode body = JSON.createObjectNode();
        body.put("name", connector);
        body.set("config", JSON.valueToTree(configuration));
        body.put("initial_state", "STOPPED");
        rest.call("POST", "/connectors", body);
    }

    /** Creates a running connector, or replaces the configuration of the one that is there. May run twice. */
    public void putConfiguration(String connector, Map<String, String> configuration) {
        rest.call("PUT", path(connector, "/config"), JSON.valueToTree(configuration));
    }

    /** Empty if there is no such connector, or if it was created so recently that nothing is known of it yet. */
    public Optional<ConnectorStatus> status(String connector) {
        return rest.find("GET", path(connector, "/status")).map(status -> {
            List<ConnectorStatus.Task> tasks = new ArrayList<>();
            status.path("tasks")
                    .forEach(task -> tasks.add(new ConnectorStatus.Task(
                            task.path("id").asInt(), task.path("state").asText(), reason(task))));
            JsonNode itself = status.path("connector");
            return new ConnectorStatus(connector, itself.path("state").asText(), reason(itself), List.copyOf(tasks));
        });
    }

    private static Optional<String> reason(JsonNode part) {
        String trace = part.path("trace").asText("");
        return trace.isBlank() ? Optional.empty() : Optional.of(FailureReason.of(trace));
    }

    /** Asks for a pause: tasks stay, and stop reading. Returns before it is so. */
    public void pause(String connector) {
        rest.call("PUT", path(connector, "/pause"), null);
    }

    /** Asks a paused or stopped connector to go on. Returns before it is so. */
    public void resume(String connector) {
        rest.call("PUT", path(connector, "/resume"), null);
    }

    /** Asks for a stop: its tasks end, its offsets may then be changed. Returns before it is so. */
    public void stop(String connector) {
        rest.call("PUT", path(connector, "/stop"), null);
    }

    /** Starts the connector and those of its tasks that failed anew. */
    public void restart(String connector) {
        rest.call("POST", path(connector, "/restart?includeTasks=true&onlyFailed=true"), null);
    }

    /** Removes the connector; Connect keeps its offsets. Nothing happens if there is none. */
    public void delete(String connector) {
        rest.find("DELETE", path(connector, ""));
    }

    /** The stored source offsets, one per source partition: {@code {"partition":...,"offset":...}}. */
    public List<JsonNode> offsets(String connector) {
        List<JsonNode> offsets = new ArrayList<>();
        rest.call("GET", path(connector, "/offsets"), null)
                .body()
                .path("offsets")
                .forEach(offsets::add);
        return offsets;
    }

    /** Replaces the offset of one source partition. The connector must be stopped, and Debezium checks nothing here. */
    public void patchOffset(String connector, JsonNode partition, JsonNode offset) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("offsets")
                .addObject()
                .<ObjectNode>set("partition", partition)
                .set("offset", offset);
        rest.call("PATCH", path(connector, "/offsets"), body);
    }

    /** Forgets all offsets. The connector must be stopped. */
    public void deleteOffsets(String connector) {
        rest.call("DELETE", path(connector, "/offsets"), null);
    }

    private static String path(String connector, String rest) {
        return "/connectors/" + connector + rest;
    }

    private static Map<String, String> asMap(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}

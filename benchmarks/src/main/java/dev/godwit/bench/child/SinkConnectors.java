package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Connectors on a worker, over its REST API. */
final class SinkConnectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String restUrl;

    SinkConnectors(String restUrl) {
        this.restUrl = restUrl;
    }

    void create(String name, Map<String, String> settings) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        settings.forEach(body::put);
        HttpResponse<String> response = client.send(
                request("/connectors/" + name + "/config")
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException("Connect refuses connector " + name + ": " + response.body());
        }
    }

    /** Why one of them has stopped; empty while all is well, and while the worker is too busy to say. */
    Optional<String> failure(List<String> names) throws InterruptedException {
        try {
            for (String name : names) {
                JsonNode status = JSON.readTree(client.send(
                                request("/connectors/" + name + "/status").GET().build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
                for (JsonNode task : status.path("tasks")) {
                    if (task.path("state").asText().equals("FAILED")) {
                        return Optional.of(task.path("trace").asText());
                    }
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(restUrl + path)).timeout(Duration.ofSeconds(30));
    }
}

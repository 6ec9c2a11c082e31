package dev.godwit.connectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** One request to Connect and its answer, tried again while the workers rebalance. */
final class ConnectRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(5);
    /** Connect itself gives up after 90 seconds; a configuration is validated against a live database in that time. */
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(95);

    private static final Duration RETRIES_FOR = Duration.ofSeconds(30);
    private static final Duration RETRIES_AFTER = Duration.ofMillis(250);
    private static final String CHECK_URL =
            "check --connect-url, and that the Connect worker runs and lets this machine in";

    private final URI base;
    private final Optional<String> authorization;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECTS_WITHIN).build();

    /** @param body never null */
    record Reply(int status, JsonNode body) {
        String message() {
            return body.path("message").asText("");
        }
    }

    ConnectRest(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "the URL of Kafka Connect cannot be understood", "write it as http://host:8083", e);
        }
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new RefusedException("the URL of Kafka Connect names no http host", "write it as http://host:8083");
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
        this.base = URI.create(
                uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path);
        this.authorization = Optional.ofNullable(uri.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws RefusedException with Connect's reason, if it does not do what was asked */
    Reply call(String method, String path, JsonNode body) {
        Reply reply = send(method, path, body);
        if (reply.status() >= 300) {
            throw refusal(method, path, reply);
        }
        return reply;
    }

    /** As {@link #call}, but empty if Connect does not know what the path names. */
    Optional<JsonNode> find(String method, String path) {
        Reply reply = send(method, path, null);
        if (reply.status() == 404) {
            return Optional.empty();
        }
        if (reply.status() >= 300) {
            throw refusal(method, path, reply);
        }
        return Optional.of(reply.body());
    }

    private Reply send(String method, String path, JsonNode body) {
        long deadline = System.nanoTime() + RETRIES_FOR.toNanos();
        while (true) {
            Reply reply = sendOnce(method, path, body);
            if (!isPassing(reply) || System.nanoTime() > deadline) {
                return reply;
            }
            Pause.of(RETRIES_AFTER);
        }
    }

    /** 409 also says that a connector of that name is there already, which does not pass. */
    private static boolean isPassing(Reply reply) {
        return (reply.status() == 409 && !reply.message().contains("already exists"))
                || reply.status() == 503
                || (reply.status() == 500 && reply.message().contains("rebalance"));
    }

    private Reply sendOnce(String method, String path, JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWERS_WITHIN)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), parsed(response.body()));
        } catch (HttpTimeoutException e) {
            throw new RefusedException("Kafka Connect at " + base + " does not answer in time", CHECK_URL, e);
        } catch (IOException e) {
            throw new RefusedException("cannot reach Kafka Connect at " + base, CHECK_URL, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka Connect", e);
        }
    }

    private static JsonNode parsed(String text) {
        if (text == null || text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // an error page of a proxy, or of a worker that is still starting
        }
    }

    private RefusedException refusal(String method, String path, Reply reply) {
        String words = reply.message().isBlank() ? "status " + reply.status() : firstLines(reply.message());
        return switch (reply.status()) {
            case 400 ->
                new RefusedException(
                        "Kafka Connect does not accept the configuration: " + words,
                        "mend what Connect names, then try again");
            case 401, 403 ->
                new RefusedException(
                        "Kafka Connect at " + base + " does not let this user in",
                        "put user and password into --connect-url");
            case 404 ->
                new RefusedException(
                        "Kafka Connect at " + base + " does not know " + path.replaceFirst("\\?.*", "") + ": " + words,
                        "check --connect-url, --migration and --phase");
            case 409 ->
                new RefusedException(
                        "Kafka Connect at " + base + " cannot do it now: " + words,
                        "try again when its workers have settled; if a connector of that name exists, remove it first");
            default ->
                new RefusedException(
                        "Kafka Connect at " + base + " failed on " + method + " " + path + ": " + words,
                        "look into the log of the Connect worker");
        };
    }

    /** Connect ends a list of errors with an advice about its own REST API, and may quote a value. */
    private static String firstLines(String message) {
        String bare = message.replaceAll("(?s)\\s*You can also find the above list of errors at the endpoint.*", "");
        return Secrets.scrub(bare.replaceAll("\\s*\\R\\s*", " ").strip());
    }
}

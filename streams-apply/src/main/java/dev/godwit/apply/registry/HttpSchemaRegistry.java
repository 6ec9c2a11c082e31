package dev.godwit.apply.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.ApplyException;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * A registry over HTTP: {@code GET /schemas/ids/{id}} of Confluent's API. Every schema is asked for once. Several URLs are
 * tried in turn, several times, as a registry that is being restarted must not stop a migration.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);
    private static final int ROUNDS_MAX = 6;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RegistrySettings settings;
    private final HttpClient client;
    private final Map<Integer, Schema> known = new ConcurrentHashMap<>();

    public HttpSchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .connectTimeout(ANSWERS_WITHIN)
                .sslContext(RegistryTls.context(settings))
                .build();
    }

    /**
     * Asks for something harmless, so that a wrong URL or password is noticed before anything is read.
     *
     * @throws RefusedException if no answer or a refusal comes
     */
    public void check() {
        try {
            get("/subjects", 1);
        } catch (ApplyException e) {
            throw new RefusedException(
                    e.getMessage(), "check schema.registry.url and what is set for logging in to the registry", e);
        }
    }

    @Override
    public Schema schema(int id) {
        return known.computeIfAbsent(id, this::fetch);
    }

    private Schema fetch(int id) {
        JsonNode answer = get("/schemas/ids/" + id, ROUNDS_MAX);
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new ApplyException("schema " + id + " of the " + settings + " is " + type + ", not Avro");
        }
        try {
            Schema.Parser parser = new Schema.Parser();
            parseReferences(parser, answer);
            return parser.parse(text(answer, "schema " + id));
        } catch (SchemaParseException e) {
            throw new ApplyException(
                    "schema " + id + " of the " + settings + " is no Avro schema: " + e.getMessage(), e);
        }
    }

    /** Schemas that a schema names are registered under subjects of their own; they have to be known first. */
    private void parseReferences(Schema.Parser parser, JsonNode schema) {
        for (JsonNode reference : schema.path("references")) {
            String subject = reference.path("subject").asText();
            String version = reference.path("version").asText();
            JsonNode referenced = get(
                    "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions/" + version,
                    ROUNDS_MAX);
            parseReferences(parser, referenced);
            if (!parser.getTypes().containsKey(reference.path("name").asText())) {
                parser.parse(text(referenced, "version " + version + " of subject " + subject));
            }
        }
    }

    private static String text(JsonNode answer, String what) {
        if (answer.path("schema").isTextual()) {
            return answer.get("schema").textValue();
        }
        throw new ApplyException("the Schema Registry's answer for " + what + " has no \"schema\"");
    }

    private JsonNode get(String path, int rounds) {
        String failure = "";
        for (int round = 1; round <= rounds; round++) {
            for (URI url : settings.urls()) {
                try {
                    HttpResponse<String> answer = send(url, path);
                    if (answer.statusCode() == 200) {
                        return JSON.readTree(answer.body());
                    }
                    failure = url + path + " answers " + answer.statusCode() + " " + shortened(answer.body());
                    if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                        throw new ApplyException("the Schema Registry at " + failure);
                    }
                } catch (IOException e) {
                    failure = url + path + " cannot be asked: " + e;
                }
            }
            if (round < rounds) {
                pause();
            }
        }
        throw new ApplyException("the Schema Registry at " + failure);
    }

    private HttpResponse<String> send(URI url, String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWERS_WITHIN)
                .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ApplyException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ApplyException("interrupted while asking the Schema Registry", e);
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}

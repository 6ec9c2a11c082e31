package dev.godwit.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A real Kafka Connect worker in distributed mode, in this JVM or in a process of its own, with its REST API on a free loopback port.
 * Connectors come from the class path; Debezium for PostgreSQL is there.
 *
 * <p>Its state lives in Kafka topics of its own, so several workers may share a broker without seeing each other. Not thread-safe.
 */
public final class ConnectWorker implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final int PORTS_TRIED_MAX = 5;
    private final String bootstrapServers;
    private final Map<String, String> settings;
    private final String group = "connect-" + UUID.randomUUID().toString().substring(0, 8);
    private final ServerRun run;
    private int port;

    private ConnectWorker(ServerRun run, String bootstrapServers, Map<String, String> settings) {
        this.run = run;
        this.bootstrapServers = bootstrapServers;
        this.settings = Map.copyOf(settings);
    }

    /** Starts a worker without connectors; returns when its REST API takes requests. */
    public static ConnectWorker start(String bootstrapServers) {
        return start(bootstrapServers, Map.of());
    }

    /**
     * @param settings worker settings that replace the defaults; {@code port} for the REST port if it must be a certain one
     * @throws IllegalStateException if it does not come up
     */
    public static ConnectWorker start(String bootstrapServers, Map<String, String> settings) {
        return start(new EmbeddedConnect(), bootstrapServers, settings);
    }

    /** As a process of its own, in the directory of a whole stack. */
    static ConnectWorker startProcess(WorkDirectory directory, String bootstrapServers, Map<String, String> settings) {
        return start(ServerProcess.connect(directory, "connect"), bootstrapServers, settings);
    }

    private static ConnectWorker start(ServerRun run, String bootstrapServers, Map<String, String> settings) {
        ConnectWorker worker = new ConnectWorker(run, bootstrapServers, settings);
        worker.startOnFreePort();
        return worker;
    }

    private void startOnFreePort() {
        boolean fixed = settings.containsKey("port");
        for (int attempt = 1; ; attempt++) {
            port = fixed ? Integer.parseInt(settings.get("port")) : FreePorts.next();
            try {
                launch();
                return;
            } catch (IllegalStateException e) {
                if (fixed || !FreePorts.isTaken(port) || attempt == PORTS_TRIED_MAX) {
                    throw e;
                }
            }
        }
    }

    private void launch() {
        try {
            run.launch(settings());
            Until.holds("Kafka Connect answers on port " + port, STARTS_WITHIN, run::ended, this::answers);
        } catch (RuntimeException | Error e) {
            stop();
            throw new IllegalStateException("Kafka Connect does not start on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** {@code /health} says yes only when the worker has joined its group and read its topics; {@code /} says yes long before. */
    private boolean answers() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(restUrl() + "/health"))
                .timeout(Duration.ofSeconds(15))
                .build();
        return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private Map<String, String> settings() {
        Map<String, String> all = new HashMap<>();
        all.put("bootstrap.servers", bootstrapServers);
        all.put("group.id", group);
        all.put("listeners", "http://127.0.0.1:" + port);
        all.put("rest.advertised.host.name", "127.0.0.1");
        all.put("rest.advertised.port", Integer.toString(port));
        all.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        all.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        all.put("key.converter.schemas.enable", "false");
        all.put("value.converter.schemas.enable", "false");
        all.put("config.storage.topic", group + "-configs");
        all.put("offset.storage.topic", group + "-offsets");
        all.put("status.storage.topic", group + "-status");
        all.put("config.storage.replication.factor", "1");
        all.put("offset.storage.replication.factor", "1");
        all.put("status.storage.replication.factor", "1");
        all.put("offset.storage.partitions", "1");
        all.put("status.storage.partitions", "1");
        all.put("offset.flush.interval.ms", "1000");
        all.put("exactly.once.source.support", "enabled");
        // As much as the broker of the local stack takes in a message.
        all.put("producer.max.request.size", "67108864");
        all.put("producer.buffer.memory", "83886080");
        all.put("plugin.discovery", "service_load");
        all.put("scheduled.rebalance.max.delay.ms", "0");
        all.put("task.shutdown.graceful.timeout.ms", "2000");
        all.putAll(settings);
        all.remove("port");
        return all;
    }

    /** {@code http://127.0.0.1:port}, without a slash at the end. */
    public String restUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** Of the REST API, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Stops the worker and its connectors; their configurations and offsets stay in Kafka. Idempotent. */
    public void stop() {
        run.stop();
    }

    /**
     * Ends it by SIGKILL, with its connectors.
     *
     * @throws IllegalStateException if it runs in this JVM
     */
    public void kill() {
        run.kill();
    }

    /** Stops if it runs, and starts again on the same port with the connectors it had. */
    public void restart() {
        stop();
        launch();
    }

    /** The same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return "Kafka Connect on port " + port;
    }
}

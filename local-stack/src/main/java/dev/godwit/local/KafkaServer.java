package dev.godwit.local;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker, KRaft controller included, in this JVM or in a process of its own, on free loopback ports, with temporary data.
 *
 * <p>Topics are not made by using them. Internal topics have one partition and one replica. Several may run in one JVM. Not thread-safe,
 * except that clients may connect from anywhere.
 */
public final class KafkaServer implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final int PORTS_TRIED_MAX = 5;
    // The node id is part of the names under which a broker registers its metrics in the JVM.
    private static final AtomicInteger NODE_IDS = new AtomicInteger();

    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final Map<String, String> settings;
    private final int nodeId = NODE_IDS.incrementAndGet();
    private final String clusterId = Uuid.randomUuid().toString();
    private final Path data;
    private int port;
    private final ServerRun run;
    private int controllerPort;

    private KafkaServer(
            WorkDirectory directory, boolean ownsDirectory, boolean ownProcess, Map<String, String> settings) {
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.settings = Map.copyOf(settings);
        this.data = directory.path().resolve("kafka-data-" + nodeId);
        this.run = ownProcess ? ServerProcess.broker(directory, "kafka-" + nodeId) : new EmbeddedBroker();
    }

    /** Starts a broker without topics; returns when it takes requests. */
    public static KafkaServer start() {
        return start(Map.of());
    }

    /**
     * @param settings broker settings that replace the defaults; {@code port} for the port of clients if it must be a certain one
     * @throws IllegalStateException if it does not come up
     */
    public static KafkaServer start(Map<String, String> settings) {
        WorkDirectory directory = WorkDirectory.create("kafka");
        try {
            return start(directory, true, false, settings);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** In the directory of a whole stack, which stays when the broker is closed. */
    static KafkaServer start(WorkDirectory directory, boolean ownProcess, Map<String, String> settings) {
        return start(directory, false, ownProcess, settings);
    }

    private static KafkaServer start(
            WorkDirectory directory, boolean ownsDirectory, boolean ownProcess, Map<String, String> settings) {
        KafkaServer kafka = new KafkaServer(directory, ownsDirectory, ownProcess, settings);
        kafka.startOnFreePorts();
        return kafka;
    }

    private void startOnFreePorts() {
        boolean fixed = settings.containsKey("port");
        for (int attempt = 1; ; attempt++) {
            port = fixed ? Integer.parseInt(settings.get("port")) : FreePorts.next();
            controllerPort = FreePorts.next();
            try {
                if (attempt == 1) {
                    format();
                }
                launch();
                return;
            } catch (IllegalStateException e) {
                boolean taken = FreePorts.isTaken(port) || FreePorts.isTaken(controllerPort);
                if (fixed || !taken || attempt == PORTS_TRIED_MAX) {
                    throw e;
                }
            }
        }
    }

    private void format() {
        try {
            new Formatter()
                    .setNodeId(nodeId)
                    .setClusterId(clusterId)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("the folder of the broker could not be formatted: " + data, e);
        }
    }

    private void launch() {
        try {
            run.launch(settings());
            Until.holds("Kafka answers on port " + port, STARTS_WITHIN, run::ended, this::answers);
        } catch (RuntimeException | Error e) {
            stop();
            throw new IllegalStateException("Kafka does not start on port " + port + ": " + e.getMessage(), e);
        }
    }

    private boolean answers() throws Exception {
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        }
    }

    private Map<String, String> settings() {
        Map<String, String> all = new HashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", Integer.toString(nodeId));
        all.put("controller.quorum.voters", nodeId + "@127.0.0.1:" + controllerPort);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "CLIENTS://127.0.0.1:" + port);
        all.put("inter.broker.listener.name", "CLIENTS");
        all.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("log.dirs", data.toString());
        all.put("auto.create.topics.enable", "false");
        all.put("default.replication.factor", "1");
        all.put("min.insync.replicas", "1");
        all.put("offsets.topic.num.partitions", "1");
        all.put("offsets.topic.replication.factor", "1");
        all.put("transaction.state.log.num.partitions", "1");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "1");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("group.initial.rebalance.delay.ms", "0");
        // A large text or document travels twice in a message, as its old and its new version. The default is 1 MB.
        all.put("message.max.bytes", "67108864");
        // A small footprint: the defaults are for a machine of its own, and the cleaner alone takes 128 MB.
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "4");
        all.put("background.threads", "2");
        all.put("log.cleaner.dedupe.buffer.size", "4194304");
        all.put("log.index.size.max.bytes", "1048576");
        // The machine may be busy with two databases: a late heartbeat of the only broker is no reason to shut it out.
        all.put("broker.session.timeout.ms", "30000");
        all.putAll(settings);
        all.remove("port");
        return all;
    }

    /** {@code host:port}, for clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Shuts the broker down; its topics stay. Idempotent. */
    public void stop() {
        run.stop();
    }

    /**
     * Ends it by SIGKILL; its topics stay as they are on the disk.
     *
     * @throws IllegalStateException if it runs in this JVM
     */
    public void kill() {
        run.kill();
    }

    /**
     * Stops it if it runs, and starts it again with the same topics on the same ports; returns when it takes requests, and every
     * transaction that is complete has its markers (see {@link ForgottenMarkers}).
     */
    public void restart() {
        stop();
        launch();
        try {
            new ForgottenMarkers(bootstrapServers(), port).write();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "Kafka on port " + port + " does not say what became of its transactions", e);
        }
    }

    /** Shuts the broker down and removes its data. Idempotent. */
    @Override
    public void close() {
        stop();
        if (ownsDirectory) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return "Kafka on port " + port;
    }
}

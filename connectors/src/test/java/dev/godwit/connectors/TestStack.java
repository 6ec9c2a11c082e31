package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.local.ConnectWorker;
import dev.godwit.local.KafkaServer;
import dev.godwit.local.PostgresServer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One real PostgreSQL, Kafka and Connect for all tests that run in this JVM; they end with it. */
final class TestStack implements BeforeAllCallback {
    private static Servers servers;

    private static final class Servers {
        private final PostgresServer postgres = PostgresServer.start("source");
        private final KafkaServer kafka = KafkaServer.start();
        private final ConnectWorker connect = ConnectWorker.start(kafka.bootstrapServers());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    private static synchronized void start() {
        if (servers == null) {
            servers = new Servers();
        }
    }

    static Database database(String name) {
        return Database.connect("source", servers.postgres.createDatabase(name));
    }

    static String bootstrapServers() {
        return servers.kafka.bootstrapServers();
    }

    static ConnectWorker connect() {
        return servers.connect;
    }
}

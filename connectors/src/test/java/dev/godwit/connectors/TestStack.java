package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.local.ConnectWorker;
import dev.godwit.local.KafkaServer;
import dev.godwit.local.PostgresServer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One real PostgreSQL, Kafka and Connect for all tests of the module; stopped when the last test has run. Not by the end of the JVM: Kafka and Connect in it hold
 * that up for half a minute, until it is killed.
 */
final class TestStack implements BeforeAllCallback {
    private static Servers servers;

    private static final class Servers implements AutoCloseable {
        private final PostgresServer postgres = PostgresServer.start("source");
        private final KafkaServer kafka = KafkaServer.start();
        private final ConnectWorker connect = ConnectWorker.start(kafka.bootstrapServers());

        @Override
        public void close() {
            connect.close();
            kafka.close();
            postgres.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        servers = context.getRoot()
                .getStore(Namespace.create(TestStack.class))
                .getOrComputeIfAbsent(Servers.class, key -> new Servers(), Servers.class);
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

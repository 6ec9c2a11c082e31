package dev.godwit.apply.live;

import dev.godwit.local.KafkaServer;
import dev.godwit.local.PostgresServer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One real broker and one real PostgreSQL for all classes that ask for them; gone when the last test has run. */
final class LiveServers implements BeforeAllCallback {
    private static volatile Servers servers;

    private record Servers(KafkaServer kafka, PostgresServer postgres) implements AutoCloseable {
        @Override
        public void close() {
            kafka.close();
            postgres.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        servers = context.getRoot()
                .getStore(Namespace.create(LiveServers.class))
                .getOrComputeIfAbsent(
                        "servers",
                        key -> new Servers(KafkaServer.start(), PostgresServer.start("apply-live")),
                        Servers.class);
    }

    static KafkaServer kafka() {
        return servers.kafka;
    }

    static PostgresServer postgres() {
        return servers.postgres;
    }
}

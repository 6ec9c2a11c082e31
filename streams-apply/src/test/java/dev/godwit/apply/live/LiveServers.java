package dev.godwit.apply.live;

import dev.godwit.local.KafkaServer;
import dev.godwit.local.PostgresServer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One real broker and one real PostgreSQL for all classes that ask for them. They end with the JVM: a hundred databases are many files, and
 * nobody needs to wait until they are removed.
 */
final class LiveServers implements BeforeAllCallback {
    private record Servers(KafkaServer kafka, PostgresServer postgres) {}

    private static Servers servers;

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    private static synchronized Servers start() {
        if (servers == null) {
            servers = new Servers(KafkaServer.start(), PostgresServer.start("apply-live"));
        }
        return servers;
    }

    static KafkaServer kafka() {
        return start().kafka;
    }

    static PostgresServer postgres() {
        return start().postgres;
    }
}

package dev.godwit.fetch.mysql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.MysqlServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MysqlTypesTest extends MysqlTypesContract {
    private MysqlServer server;

    @BeforeAll
    void start() {
        assumeTrue(MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        server = MysqlServer.start("types", Map.of("default-time-zone", "-03:30", "character-set-server", "latin1"));
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    DatabaseUrl createDatabase(String name) {
        return server.createDatabase(name);
    }
}

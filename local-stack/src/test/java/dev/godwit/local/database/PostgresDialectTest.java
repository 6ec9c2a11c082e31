package dev.godwit.local.database;

import dev.godwit.database.Database;
import dev.godwit.local.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class PostgresDialectTest extends DialectContract {
    private PostgresServer server;

    @BeforeEach
    void on(PostgresServer shared) {
        server = shared;
    }

    @Override
    Database database(String... statements) throws SQLException {
        return SharedServer.database(server, statements);
    }

    @Override
    String bytes() {
        return "bytea";
    }

    @Override
    String moment() {
        return "timestamp";
    }
}

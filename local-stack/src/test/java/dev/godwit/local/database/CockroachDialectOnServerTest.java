package dev.godwit.local.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.local.CockroachServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Where there is a cockroach program. */
class CockroachDialectOnServerTest extends DialectContract {
    private static CockroachServer server;
    private static int databases;

    @BeforeAll
    static void start() {
        assumeTrue(CockroachServer.program().isPresent(), "there is no cockroach program, so nothing was tried on one");
        server = CockroachServer.start("dialect");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database(String... statements) throws SQLException {
        Database database = Database.connect("target", server.createDatabase("dialect" + ++databases));
        SharedServer.execute(database, statements);
        return database;
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

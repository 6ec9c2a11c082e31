package dev.godwit.phase;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of the module, with a database of its own for whoever asks. It goes when the JVM goes. */
public final class TestServer {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static PostgresServer server;

    private TestServer() {}

    public static synchronized PostgresServer server() {
        if (server == null) {
            server = PostgresServer.start("phase-test");
        }
        return server;
    }

    public static DatabaseUrl newDatabase() {
        return server().createDatabase("test_" + DATABASES.incrementAndGet());
    }

    public static Database connect(DatabaseUrl url) {
        return Database.connect("target", url);
    }

    public static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (Connection connection = connect(url).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

package dev.godwit.local.database;

import dev.godwit.database.Database;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One PostgreSQL server for all test classes of this package; each gets empty databases of its own. */
final class SharedServer implements ParameterResolver {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @SuppressWarnings(
            "deprecation") // AutoCloseable is closed by the store from JUnit 5.13 on, but not by default before
    private record Running(PostgresServer server) implements CloseableResource {
        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedServer.class))
                .getOrComputeIfAbsent(
                        Running.class, key -> new Running(PostgresServer.start("database-tests")), Running.class)
                .server();
    }

    /** A new database in which the statements have run. */
    static Database database(PostgresServer server, String... statements) throws SQLException {
        String name = "test_" + DATABASES.incrementAndGet();
        Database database = Database.connect("source", server.createDatabase(name));
        execute(database, statements);
        return database;
    }

    static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of all rows, as text. */
    static List<String> column(Database database, String query) throws SQLException {
        try (Connection connection = database.open()) {
            return column(connection, query);
        }
    }

    static List<String> column(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }
}

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
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One PostgreSQL server for all test classes of this package; each gets empty databases of its own. It ends with the JVM, so that nobody waits
 * until all of them are removed.
 */
final class SharedServer implements ParameterResolver {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Running.SERVER;
    }

    private static final class Running {
        private static final PostgresServer SERVER = PostgresServer.start("database-tests");
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

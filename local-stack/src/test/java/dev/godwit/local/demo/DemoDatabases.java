package dev.godwit.local.demo;

import dev.godwit.database.Database;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests an empty database per role on one PostgreSQL server that all test classes share and that ends with the
 * JVM. The databases are reused: making one takes as long as most tests.
 */
final class DemoDatabases implements ParameterResolver {
    private static final Map<String, Database> DATABASES = new HashMap<>();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public PostgresServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Running.SERVER;
    }

    private static final class Running {
        private static final PostgresServer SERVER = PostgresServer.start("demo");
    }

    static synchronized Database empty(PostgresServer server, String role) throws SQLException {
        Database database =
                DATABASES.computeIfAbsent(role, name -> Database.connect(role, server.createDatabase("demo_" + name)));
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS migration_schema CASCADE");
        }
        return database;
    }

    static Database filled(PostgresServer server, String role, int rows, long seed) throws SQLException {
        Database database = empty(server, role);
        try (Connection connection = database.open()) {
            DemoSchema.createTables(connection, database.product());
        }
        DemoData.fill(database, rows, seed);
        return database;
    }

    static String query(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static long number(Database database, String sql) throws SQLException {
        return Long.parseLong(query(database, sql));
    }

    static int execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}

package dev.godwit.apply.write;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.CockroachServer;
import dev.godwit.local.DatabaseServer;
import dev.godwit.local.MysqlServer;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A real server that contracts of the writer run on. */
public interface TargetServer extends AutoCloseable {
    /** With an empty schema {@code s}, and without a ledger; on MySQL the one before is gone then. */
    Database newDatabase() throws SQLException;

    /** As in a crash. */
    void kill();

    void restart();

    /** The SQLSTATE of a missing parent. */
    String foreignKeyViolation();

    /** What the server says of a text that is too long for its column. */
    String valueTooLong();

    @Override
    void close();

    static TargetServer postgres(String name) {
        return new Postgres(PostgresServer.start(name));
    }

    /** Where none can run, the tests are skipped. */
    static TargetServer mysql(String name) {
        assumeTrue(
                MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null,
                "no MySQL can be started here");
        return new Mysql(MysqlServer.start(name));
    }

    /** For tests with {@link CockroachFound}. */
    static TargetServer cockroach(String name) {
        return new Cockroach(CockroachServer.start(name));
    }

    private static void execute(DatabaseServer server, String database, String... statements) throws SQLException {
        try (Connection connection =
                        Database.connect("target", server.url(database)).open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** PostgreSQL. */
    record Postgres(PostgresServer server) implements TargetServer {
        @Override
        public Database newDatabase() throws SQLException {
            String name = "t" + System.nanoTime();
            Database database = Database.connect("target", server.createDatabase(name));
            execute(server, name, "CREATE SCHEMA s");
            return database;
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void restart() {
            server.restart();
        }

        @Override
        public String foreignKeyViolation() {
            return "23503";
        }

        @Override
        public String valueTooLong() {
            return "value too long";
        }

        @Override
        public void close() {
            server.kill(); // its many files are removed when the JVM has ended, and nobody waits for it
        }
    }

    /** CockroachDB. */
    record Cockroach(CockroachServer server) implements TargetServer {
        @Override
        public Database newDatabase() throws SQLException {
            String name = "t" + System.nanoTime();
            Database database = Database.connect("target", server.createDatabase(name));
            execute(server, name, "CREATE SCHEMA s");
            return database;
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void restart() {
            server.restart();
        }

        @Override
        public String foreignKeyViolation() {
            return "23503";
        }

        @Override
        public String valueTooLong() {
            return "value too long";
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** MySQL, whose databases are what schemas are elsewhere. */
    record Mysql(MysqlServer server) implements TargetServer {
        @Override
        public Database newDatabase() throws SQLException {
            execute(
                    server,
                    "mysql",
                    "DROP DATABASE IF EXISTS s",
                    "DROP DATABASE IF EXISTS _godwit",
                    "CREATE DATABASE s COLLATE utf8mb4_bin");
            return Database.connect(
                    "target", DatabaseUrl.parse("target", server.url("s").withPassword() + "?schema=s"));
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void restart() {
            server.restart();
        }

        @Override
        public String foreignKeyViolation() {
            return "23000";
        }

        @Override
        public String valueTooLong() {
            return "Data too long";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}

package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.TableSelection;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One real server for all test classes, with two databases: the source orders texts by the English locale, the target by code point. Every test
 * finds an empty schema {@code s} in both.
 */
final class TwoDatabases implements BeforeAllCallback, BeforeEachCallback {
    private static Shared shared;

    private record Shared(PostgresServer server, Database source, Database target) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        startOnce();
    }

    /** It ends with the JVM. */
    static synchronized void startOnce() {
        if (shared == null) {
            shared = start();
        }
    }

    private static Shared start() {
        PostgresServer server = PostgresServer.start("verify");
        try {
            execute(
                    server.url("postgres"),
                    "CREATE DATABASE source TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'");
            DatabaseUrl target = server.createDatabase("target");
            return new Shared(
                    server, Database.connect("source", server.url("source")), Database.connect("target", target));
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        both("DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA s");
    }

    static PostgresServer server() {
        return shared.server();
    }

    static Database source() {
        return shared.source();
    }

    static Database target() {
        return shared.target();
    }

    static void both(String sql) {
        source(sql);
        target(sql);
    }

    static void source(String sql) {
        execute(source().url(), sql);
    }

    static void target(String sql) {
        execute(target().url(), sql);
    }

    static void execute(DatabaseUrl url, String sql) {
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static TableName table(String name) {
        return new TableName("s", name);
    }

    static TableSlice whole(String name) {
        return new TableSlice(table(name), Optional.empty());
    }

    /** Compares all tables of the schema that the source has. */
    static VerifyReport verify() {
        return verify(VerifyListener.SILENT);
    }

    static VerifyReport verify(VerifyListener listener) {
        return VerifyJob.run(request(), listener);
    }

    /** All tables of the schema that the source has. */
    static VerifyRequest request() {
        return request(target());
    }

    /** The same with another target. */
    static VerifyRequest request(Database target) {
        try {
            List<TableSlice> slices = TableSelection.of("s", ".*").from(source().catalog()).stream()
                    .map(table -> new TableSlice(table.name(), Optional.empty()))
                    .toList();
            return new VerifyRequest(source(), target, slices, 2, 1000, 1000);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

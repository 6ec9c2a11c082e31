package dev.godwit.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One MySQL server for all test classes, in a time zone of its own, beside a database of {@link TwoDatabases}' server. Every test finds both
 * empty: {@code shop} on MySQL, {@code public} on PostgreSQL. Where no MySQL can run the tests are skipped, unless {@code GODWIT_REQUIRE_MYSQL} is set.
 */
final class MysqlAndPostgres implements BeforeAllCallback, BeforeEachCallback {
    private static Shared shared;
    private static Database mysql;

    private record Shared(MysqlServer server, Database postgres) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<RefusedException> missing = MysqlServer.whyNot();
        if (missing.isPresent() && System.getenv("GODWIT_REQUIRE_MYSQL") != null) {
            throw missing.get();
        }
        assumeTrue(missing.isEmpty(), () -> missing.get().getMessage());
        TwoDatabases.startOnce();
        startOnce();
    }

    /** It ends with the JVM. */
    private static synchronized void startOnce() {
        if (shared == null) {
            shared = start();
        }
    }

    private static Shared start() {
        return new Shared(
                MysqlServer.start("verify-mysql", Map.of("default-time-zone", "-03:30")),
                Database.connect("target", TwoDatabases.server().createDatabase("of_mysql")));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TwoDatabases.execute(postgres().url(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        TwoDatabases.execute(shared.server().url("mysql"), "DROP DATABASE IF EXISTS shop");
        mysql = Database.connect("source", shared.server().createDatabase("shop"));
    }

    static MysqlServer server() {
        return shared.server();
    }

    static Database mysql() {
        return mysql;
    }

    static Database postgres() {
        return shared.postgres();
    }

    static void onMysql(String... statements) {
        try (Connection connection = mysql.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    static void onPostgres(String sql) {
        TwoDatabases.execute(postgres().url(), sql);
    }
}

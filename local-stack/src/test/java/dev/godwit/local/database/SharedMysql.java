package dev.godwit.local.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.local.MysqlServer;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One MySQL server for all test classes of this package, in a time zone of its own. Where none can run the tests are skipped, unless
 * {@code GODWIT_REQUIRE_MYSQL} is set.
 */
final class SharedMysql implements ParameterResolver {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @SuppressWarnings(
            "deprecation") // AutoCloseable is closed by the store from JUnit 5.13 on, but not by default before
    private record Running(MysqlServer server) implements CloseableResource {
        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MysqlServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<RefusedException> missing = MysqlServer.whyNot();
        if (missing.isPresent() && System.getenv("GODWIT_REQUIRE_MYSQL") != null) {
            throw missing.get();
        }
        assumeTrue(missing.isEmpty(), () -> missing.get().getMessage());
        return context.getRoot()
                .getStore(Namespace.create(SharedMysql.class))
                .getOrComputeIfAbsent(
                        Running.class,
                        key -> new Running(MysqlServer.start("mysql-tests", Map.of("default-time-zone", "-03:30"))),
                        Running.class)
                .server();
    }

    /** A new database in which the statements have run. */
    static Database database(MysqlServer server, String... statements) throws SQLException {
        String name = "test_" + DATABASES.incrementAndGet();
        Database database = Database.connect("source", server.createDatabase(name));
        SharedServer.execute(database, statements);
        return database;
    }
}

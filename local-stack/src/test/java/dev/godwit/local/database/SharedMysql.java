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
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One MySQL server for all test classes of this package, in a time zone of its own; it ends with the JVM. Where none can run the
 * tests are skipped, unless {@code GODWIT_REQUIRE_MYSQL} is set.
 */
final class SharedMysql implements ParameterResolver {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final class Running {
        private static final MysqlServer SERVER =
                MysqlServer.start("mysql-tests", Map.of("default-time-zone", "-03:30"));
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
        return Running.SERVER;
    }

    /** A new database in which the statements have run. */
    static Database database(MysqlServer server, String... statements) throws SQLException {
        String name = "test_" + DATABASES.incrementAndGet();
        Database database = Database.connect("source", server.createDatabase(name));
        SharedServer.execute(database, statements);
        return database;
    }
}

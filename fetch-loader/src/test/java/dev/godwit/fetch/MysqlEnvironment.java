package dev.godwit.fetch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.local.MysqlServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases on one MySQL server that the tests of the module share. It ends with the JVM. */
public final class MysqlEnvironment implements LoadEnvironment {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Server {
        private static final MysqlServer SHARED =
                MysqlServer.start("fetch", Map.of("cte-max-recursion-depth", "1000000"));
    }

    @Override
    public TestDatabases create() {
        assumeTrue(MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        return TestDatabases.from(
                Database.connect("source", Server.SHARED.createDatabase("source" + COUNT.incrementAndGet())));
    }

    @Override
    public String bytes() {
        return "longblob";
    }

    @Override
    public String unhex(String digits) {
        return "unhex(" + digits + ")";
    }

    @Override
    public void analyze(TestDatabases databases, String... tables) throws SQLException {
        databases.onSource("ANALYZE TABLE " + String.join(", ", tables));
    }

    @Override
    public List<String> keepers(TestDatabases databases) throws SQLException {
        return sessions(databases, "");
    }

    private static List<String> sessions(TestDatabases databases, String condition) throws SQLException {
        return TestDatabases.rows(
                databases.source,
                "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> connection_id()"
                        + condition);
    }

    @Override
    public void cutOffReaders(TestDatabases databases) throws SQLException {
        List<String> all = sessions(databases, " ORDER BY id DESC");
        for (String session : all.subList(1, all.size())) {
            databases.onSource("KILL " + session);
        }
    }

    /** It may have sent all of a shard, so that its session has nothing to do any more. */
    @Override
    public boolean readersAreBusy() {
        return false;
    }

    @Override
    public int captures() {
        return 0; // its log is kept by time
    }
}
